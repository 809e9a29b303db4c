import { fork, spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { sideChannel } from './side-channel';

/** One runner of a race: asked for a sample, it answers the milliseconds that it took. */
export interface Side {
  readonly name: string;
  sample(): Promise<number>;
  stop(): void;
}

/** A side that can't take part, and why. */
export class SideRefused extends Error {}

const OUTPUT_KEPT = 4000;
const refused = 'refused ';

/** Speaks with a process that prints "ready", or "refused" and why, and then a time for every line it reads. */
export async function overLines(name: string, child: ChildProcess): Promise<Side> {
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null) throw new Error(`${name} has no pipes`);
  let complaints = '';
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-OUTPUT_KEPT);
  });
  const waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  const next = (): Promise<string> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
    });
  createInterface({ input: stdout }).on('line', (line) => waiting.shift()?.resolve(line));
  child.once('close', (code) => {
    for (const { reject } of waiting.splice(0))
      reject(new Error(`${name} ended with ${String(code)}\n${complaints}`));
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
  const first = await next();
  if (!first.startsWith(refused)) return side;
  side.stop();
  throw new SideRefused(`${name}: ${first.slice(refused.length)}`);
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

/** This benchmark's own file, which is started once more as a side of the race. */
export function ownFile(): string {
  const file = process.argv[1];
  if (file === undefined) throw new Error('no program file');
  return file;
}

/** This benchmark's own file as a child of this Node. Rejects with `SideRefused` where it can't take part. */
export function ownSide(
  name: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Side> {
  return overLines(
    name,
    fork(ownFile(), words, {
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ...environment },
    }),
  );
}

/** Milliseconds on the wall, or of processor time over all threads of this process. */
function now(clock: 'wall' | 'cpu'): number {
  if (clock === 'wall') return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * The other end of our sides, in Node and in a utility process: prepares,
 * says so, and runs what it prepared for every word that comes. `refusal`
 * tells from an error of the preparation why the side can't take part; null =
 * it is a fault.
 */
export async function answerSamples(
  prepare: () => Promise<() => Promise<unknown>>,
  refusal: (error: unknown) => string | null,
  clock: 'wall' | 'cpu' = 'wall',
): Promise<void> {
  const channel = sideChannel();
  let sample: () => Promise<unknown>;
  try {
    sample = await prepare();
  } catch (error) {
    const reason = refusal(error);
    if (reason === null) throw error;
    channel.say(`${refused}${reason}`);
    return;
  }
  channel.onWord(() => {
    const start = now(clock);
    void sample().then(() => {
      channel.say(String(now(clock) - start));
    });
  });
  channel.say('ready');
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
