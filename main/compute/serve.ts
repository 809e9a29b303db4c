import { MembranaError, toErrorReport, type ErrorReport } from '#contract/errors';
import { ToCompute, type FromCompute } from './messages';
import type { Route } from './request';
import type { Pipe } from './transport';

const HEARTBEAT_MS = 1000;

/** Anything thrown inside the compute process as a report. The model layer's errors carry the same fields under a class of their own. */
export type ReportError = (error: unknown) => ErrorReport;

/**
 * The compute process's loop: takes calls, runs their handlers, streams
 * progress, answers each exactly once. Runs until the owner goes away.
 */
export function serve(
  pipe: Pipe,
  routes: readonly Route[],
  report: ReportError = toErrorReport,
): void {
  const table = new Map(routes.map((entry) => [entry.id, entry]));
  const running = new Map<number, AbortController>();
  const post = (message: FromCompute): void => {
    pipe.post(message);
  };

  const call = async (id: number, request: string, params: unknown): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const entry = table.get(request);
      if (!entry) {
        throw new MembranaError('internal', `The compute process does not know "${request}".`, {
          hint: 'Close and reopen Membrana; if it stays, install it again.',
        });
      }
      const value = await entry.run(params, controller.signal, (step) => {
        post({ kind: 'progress', id, value: step });
      });
      post({ kind: 'done', id, value });
    } catch (error) {
      post({ kind: 'failed', id, error: report(error) });
    } finally {
      running.delete(id);
    }
  };

  pipe.onMessage((raw) => {
    const parsed = ToCompute.safeParse(raw);
    if (!parsed.success) {
      post({ kind: 'log', text: `message not understood: ${parsed.error.message}` });
      return;
    }
    const message = parsed.data;
    switch (message.kind) {
      case 'call':
        void call(message.id, message.request, message.params);
        break;
      case 'cancel':
        running.get(message.id)?.abort();
        break;
    }
  });

  const alive = (): void => {
    post({ kind: 'alive' });
  };
  alive();
  const heartbeat = setInterval(alive, HEARTBEAT_MS);
  pipe.onClose(() => {
    clearInterval(heartbeat);
    for (const controller of running.values()) controller.abort();
  });
}

/** Lets a waiting cancel message in between two pieces of blocking work. */
export async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}
