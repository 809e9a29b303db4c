import { fork } from 'node:child_process';
import type { ProcessExit, ProcessLauncher, Transport } from './transport';

const OUTPUT_KEPT = 4000;

/** Runs the compute entry (a built file) in a child of this Node process, for the command line and tests. */
export function nodeLauncher(entry: string): ProcessLauncher {
  return {
    launch(environment): Transport {
      const child = fork(entry, [], {
        serialization: 'advanced',
        env: { ...process.env, ...environment },
        execArgv: [],
        // Ctrl+C reaches the whole group; a group of its own lets the owner cancel in order.
        detached: process.platform !== 'win32',
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      let output = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-OUTPUT_KEPT);
      });
      const kill = (): void => {
        child.kill('SIGKILL');
      };
      process.once('exit', kill);
      child.once('exit', () => process.off('exit', kill));

      return {
        pid: child.pid ?? null,
        post(message) {
          if (!child.connected) return;
          // A process that just died makes this fail; its exit tells the story.
          child.send(message as object, () => undefined);
        },
        onMessage(listener) {
          child.on('message', listener);
          return () => child.off('message', listener);
        },
        onExit(listener) {
          const exited = (code: number | null, signal: string | null): void => {
            listener({ code, signal, output });
          };
          const failed = (error: Error): void => {
            listener({ code: null, signal: null, output: error.message } satisfies ProcessExit);
          };
          child.on('close', exited);
          child.on('error', failed);
          return () => {
            child.off('close', exited);
            child.off('error', failed);
          };
        },
        kill,
      };
    },
  };
}
