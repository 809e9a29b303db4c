import { setPriority } from 'node:os';
import { utilityProcess, app } from 'electron';
import type { ProcessExit, ProcessLauncher, Transport } from '#main/compute/transport';

const OUTPUT_KEPT = 4000;
const SERVICE = 'Membrana compute';

/** How Chromium names an end that the exit code alone does not tell. */
function signalOf(reason: string): string | null {
  switch (reason) {
    case 'killed':
      return 'SIGKILL';
    case 'crashed':
      return 'SIGSEGV';
    case 'oom':
      return 'SIGKILL';
    default:
      return null;
  }
}

/**
 * "Below normal" on Windows. At 10 on Linux scrolling beside a training came to
 * 42 slices a second of 60, at 19 to 59; at 19 other programs would starve it.
 */
const BEHIND_THE_WINDOW = 15;

/**
 * Training takes every core there is: the window and main go first. Set before
 * the process has threads of its own, which all take after it.
 */
function stepBack(pid: number | null): void {
  if (pid === null) return;
  try {
    setPriority(pid, BEHIND_THE_WINDOW);
  } catch {
    // It may be gone already; without this it still works.
  }
}

/** Runs the compute entry in a utility process of its own: a native crash or a kill takes the process, not the app. */
export function utilityLauncher(entry: string): ProcessLauncher {
  return {
    launch(environment): Transport {
      const child = utilityProcess.fork(entry, [], {
        serviceName: SERVICE,
        env: { ...process.env, ...environment },
        execArgv: [],
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const listeners = new Set<(exit: ProcessExit) => void>();
      const waiting: unknown[] = [];
      let state: 'starting' | 'running' | 'ended' = 'starting';
      let pid: number | null = null;
      let output = '';
      let gone: string | null = null;

      child.stderr?.on('data', (text: Buffer) => {
        output = (output + text.toString('utf8')).slice(-OUTPUT_KEPT);
      });
      const onGone = (_: unknown, details: Electron.Details): void => {
        if (details.type === 'Utility' && details.name === SERVICE) gone = details.reason;
      };
      app.on('child-process-gone', onGone);
      child.once('spawn', () => {
        pid = child.pid ?? null;
        stepBack(pid);
        if (state === 'starting') state = 'running';
        for (const message of waiting.splice(0)) child.postMessage(message);
      });
      child.once('exit', (code) => {
        state = 'ended';
        // The reason comes in an event of its own, before or just after this one.
        setTimeout(() => {
          app.off('child-process-gone', onGone);
          const exit = { code, signal: signalOf(gone ?? ''), output };
          for (const listener of listeners) listener(exit);
        }, 50);
      });

      return {
        get pid() {
          return pid;
        },
        post(message) {
          if (state === 'starting') waiting.push(message);
          else if (state === 'running') child.postMessage(message);
        },
        onMessage(listener) {
          child.on('message', listener);
          return () => child.off('message', listener);
        },
        onExit(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        kill() {
          // utilityProcess.kill() asks politely; a native kernel would not hear it.
          if (pid === null || process.platform === 'win32') child.kill();
          else
            try {
              process.kill(pid, 'SIGKILL');
            } catch {
              child.kill();
            }
        },
      };
    },
  };
}
