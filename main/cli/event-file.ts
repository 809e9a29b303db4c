import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { once } from 'node:events';
import { MembranaError } from '#contract/errors';
import { writeSlicesWithin } from '#contract/slice-marks';
import type { TrainingProgress } from '../jobs/resumable-training';

/** What a training streams, one JSON document a line, for `--events`. */
export class EventFile {
  private constructor(private readonly stream: WriteStream) {}

  /** Replaces the file. @throws MembranaError file.write-failed */
  static async open(path: string): Promise<EventFile> {
    try {
      await mkdir(dirname(path), { recursive: true });
      const stream = createWriteStream(path);
      await once(stream, 'open');
      // A full disk later must not end the training.
      stream.on('error', () => undefined);
      return new EventFile(stream);
    } catch (error) {
      throw new MembranaError('file.write-failed', `"${basename(path)}" can't be written.`, {
        hint: 'Give --events a file in a folder that you may write to.',
        data: { file: basename(path) },
        cause: error,
      });
    }
  }

  write(event: TrainingProgress): void {
    const line = lineOf(event);
    if (line !== null) this.stream.write(`${JSON.stringify(writeSlicesWithin(line, 0))}\n`);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.stream.end(() => {
        resolve();
      });
    });
  }
}

function lineOf(event: TrainingProgress): Record<string, unknown> | null {
  switch (event.kind) {
    case 'step': {
      const { step, steps, share, loss, learningRate, secondsLeft } = event;
      return { event: 'step', step, steps, share, loss, learningRate, secondsLeft };
    }
    case 'validation':
      return { event: 'validation', step: event.step, loss: event.loss, ...event.scores };
    case 'checkpoint':
      return { event: 'checkpoint', step: event.step };
    case 'left-out':
      return { event: 'left-out', image: basename(event.image), slices: event.slices };
    case 'note':
    case 'warning':
      return { event: event.kind, note: event.note };
    case 'restarted':
      return { event: 'restarted', step: event.step, note: event.note };
    case 'preview':
      return null;
  }
}
