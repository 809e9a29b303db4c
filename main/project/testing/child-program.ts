import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ChildProgram {
  readonly process: ChildProcessWithoutNullStreams;
  /** Lines of its output so far, parsed. */
  readonly lines: unknown[];
  /** Resolves when there are at least `count` lines; rejects when it ends before. */
  gotLines(count: number): Promise<void>;
  /** Stops it at once (SIGKILL) and waits until it is gone. */
  kill(): Promise<void>;
}

export function startProgram(file: string, ...args: string[]): ChildProgram {
  const child = spawn(process.execPath, [file, ...args]);
  const lines: unknown[] = [];
  let problems = '';
  child.stderr.on('data', (data: Buffer) => (problems += data.toString()));
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    // A killed program may leave half a line.
    if (line.endsWith('}')) lines.push(JSON.parse(line));
    for (const look of waiting) look();
  });
  const ended = once(child, 'close');
  return {
    process: child,
    lines,
    gotLines: (count) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (lines.length < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        void ended.then(() => {
          reject(new Error(`it ended after ${String(lines.length)} lines: ${problems}`));
        });
      }),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
