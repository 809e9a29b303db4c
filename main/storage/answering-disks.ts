import { readFile } from 'node:fs/promises';
import { sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MembranaError } from '#contract/errors';

/** A local disk answers in milliseconds, a share that has to wake up in a second or two. */
const ANSWER_MS = 3000;
/** The wait is counted in turns, so that a main thread that was held up itself blames no disk. */
const TURNS = 30;
/** A call that a dead disk never answers keeps one of the few threads that all files are read with. */
const MOST_SILENT = 2;

function silent(name: string): MembranaError {
  return new MembranaError('disk.not-answering', `The disk that ${name} is on does not answer.`, {
    hint: 'Check that the drive or the network share is connected, then try again.',
    safe: 'Nothing was changed.',
    data: { file: name },
  });
}

/** What a path shares its fate with: its mount, where the system says which; else the path itself. */
export async function diskOf(path: string): Promise<string> {
  // A list of the kernel's: reading it asks no disk.
  const mounts = await readFile('/proc/self/mounts', 'utf8').catch(() => '');
  const points = mounts.split('\n').flatMap((line) => {
    const point = line
      .split(' ')[1]
      ?.replace(/\\([0-7]{3})/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 8)),
      );
    return point !== undefined && point !== '/' && `${path}${sep}`.startsWith(`${point}${sep}`)
      ? [point]
      : [];
  });
  return (
    points.reduce((longest, point) => (point.length > longest.length ? point : longest), '') || path
  );
}

/**
 * Asks disks that may be gone for good (a share whose server is off): gives up
 * after a while, and leaves a disk alone that still owes an answer, so that
 * one dead mount costs its own projects and nothing else.
 */
export class AnsweringDisks {
  private readonly owing = new Set<string>();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly answerMs = ANSWER_MS,
    private readonly disk: (path: string) => Promise<string> = diskOf,
  ) {}

  /** Calls back when a disk answers after it was given up, until the function that it returns is called. */
  onLateAnswer(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** @throws MembranaError disk.not-answering; what `work` throws */
  async ask<T>(path: string, work: () => Promise<T>): Promise<T> {
    const name = path.split(sep).at(-1) ?? path;
    const disk = await this.disk(path);
    if (this.owing.has(disk) || this.owing.size >= MOST_SILENT) throw silent(name);
    const answer = work();
    const enough = new AbortController();
    try {
      const first = await Promise.race([
        answer.then((value) => ({ value })),
        this.patience(enough.signal),
      ]);
      if (first === null) {
        this.owing.add(disk);
        const answered = (): void => {
          this.owing.delete(disk);
          for (const listener of this.listeners) listener();
        };
        answer.then(answered, answered);
        throw silent(name);
      }
      return first.value;
    } finally {
      enough.abort();
    }
  }

  private async patience(signal: AbortSignal): Promise<null> {
    for (let turn = 0; turn < TURNS && !signal.aborted; turn += 1)
      await sleep(this.answerMs / TURNS, null, { signal }).catch(() => null);
    return null;
  }
}

/** The disks of this machine, for everyone who asks. */
export const disks = new AnsweringDisks();
