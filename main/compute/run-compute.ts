import { ownPipe } from './pipe';
import { serve, type ReportError } from './serve';
import type { Route } from './request';

const UNHANDLED_EXIT = 70;

/** The body of a compute process: serves until the owner goes away, and never lives on in an unknown state. */
export function runCompute(routes: readonly Route[], report?: ReportError): void {
  const fatal = (error: unknown): void => {
    process.stderr.write(`${error instanceof Error ? String(error.stack) : String(error)}\n`);
    process.exit(UNHANDLED_EXIT);
  };
  process.on('unhandledRejection', fatal);
  process.on('uncaughtException', fatal);
  // Ctrl+C in a terminal is for the owner, which cancels in order.
  process.on('SIGINT', () => undefined);
  const pipe = ownPipe();
  pipe.onClose(() => {
    process.exit(0);
  });
  serve(pipe, routes, report);
}
