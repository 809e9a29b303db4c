import { fork, spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One runner of a race: asked for a sample, it answers the milliseconds that it took. */
export interface Side {
  readonly name: string;
  sample(): Promise<number>;
  stop(): void;
}

function overLines(name: string, child: ChildProcess): Promise<Side> {
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error(`${name} has no pipes`);
  const waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  const next = (): Promise<string> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
    });
  createInterface({ input: stdout }).on('line', (line) => waiting.shift()?.resolve(line));
  child.once('exit', (code) => {
    for (const { reject } of waiting.splice(0))
      reject(new Error(`${name} ended with ${String(code)}`));
  });
  const side: Side = {
    name,
    async sample() {
      const answer = next();
      stdin.write('go\n');
      const milliseconds = Number(await answer);
      if (!(milliseconds > 0)) throw new Error(`${name} gave no time`);
      return milliseconds;
    },
    stop: () => {
      child.kill();
    },
  };
  return next().then(() => side);
}

/** A program that prints "ready" and then a time for every line it reads. */
export function programSide(
  name: string,
  command: string,
  args: readonly string[],
  threads: number,
): Promise<Side> {
  return overLines(
    name,
    spawn(command, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, OMP_NUM_THREADS: String(threads) },
    }),
  );
}

/** This benchmark's own file, started once more with `--side`, so that both sides are processes. */
export function ownSide(name: string, args: readonly string[]): Promise<Side> {
  const file = process.argv[1];
  if (file === undefined) throw new Error('no program file');
  return overLines(
    name,
    fork(file, ['--side', ...args], {
      stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
    }),
  );
}

/** Milliseconds on the wall, or of processor time over all threads of this process. */
function now(clock: 'wall' | 'cpu'): number {
  if (clock === 'wall') return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The other end of `ownSide`: runs `sample` for every line read. */
export function answerSamples(
  sample: () => Promise<unknown>,
  clock: 'wall' | 'cpu' = 'wall',
): void {
  process.stdout.write('ready\n');
  createInterface({ input: process.stdin }).on('line', () => {
    const start = now(clock);
    void sample().then(() => {
      process.stdout.write(`${String(now(clock) - start)}\n`);
    });
  });
}

/** All sides in turns: `rounds` samples each after one that isn't counted. Milliseconds a side. */
export async function race(sides: readonly Side[], rounds: number): Promise<number[][]> {
  const times: number[][] = sides.map(() => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [i, side] of sides.entries()) {
      const milliseconds = await side.sample();
      if (round >= 0) times[i]?.push(milliseconds);
    }
  }
  return times;
}
