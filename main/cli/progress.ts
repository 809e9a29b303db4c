import { writeSlices } from '#contract/slice-marks';

const LINE_EVERY_MS = 3000;
const BAR_EVERY_MS = 100;
const BAR_WIDTH = 24;

function left(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return '';
  const whole = Math.ceil(seconds);
  return whole < 90 ? `, ${whole} s left` : `, ${Math.ceil(whole / 60)} min left`;
}

/** Progress on stderr: a bar on a terminal, a line every few seconds otherwise, nothing when quiet. */
export class Progress {
  readonly #bar: boolean;
  #last = 0;
  #drawn = false;
  #first: { time: number; done: number } | null = null;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly quiet: boolean,
  ) {
    this.#bar = stream.isTTY;
  }

  /** `total` 0 = unknown. Time left is worked out from `done` unless told. */
  report(what: string, done: number, total: number, secondsLeft?: number | null): void {
    if (this.quiet) return;
    const now = performance.now();
    this.#first ??= { time: now, done };
    const finished = total > 0 && done >= total;
    const wait = this.#bar ? BAR_EVERY_MS : LINE_EVERY_MS;
    if (now - this.#last < wait && !finished) return;
    this.#last = now;
    const moved = done - this.#first.done;
    const seconds =
      secondsLeft !== undefined
        ? secondsLeft
        : moved > 0
          ? ((now - this.#first.time) / 1000 / moved) * (total - done)
          : null;
    const count = total > 0 ? `${done} of ${total}` : String(done);
    if (this.#bar) {
      const filled = total > 0 ? Math.round((done / total) * BAR_WIDTH) : 0;
      const bar = `${'█'.repeat(filled)}${'·'.repeat(BAR_WIDTH - filled)}`;
      this.stream.write(`\r\u001b[K${bar} ${what} ${count}${left(seconds)}`);
      this.#drawn = true;
    } else this.stream.write(`${what} ${count}${left(seconds)}\n`);
  }

  /** A line that stays. */
  note(text: string): void {
    if (this.quiet) return;
    this.end();
    this.stream.write(`${writeSlices(text, 0)}\n`);
  }

  /** Leaves the bar's line; the next report counts time anew. */
  end(): void {
    if (this.#drawn) this.stream.write('\r\u001b[K');
    this.#drawn = false;
    this.#first = null;
    this.#last = 0;
  }
}
