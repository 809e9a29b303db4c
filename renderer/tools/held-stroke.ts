import type { BrushSettings, Modifiers, ToolHost, ToolPoint } from './tool';

/** A stroke that began before the labels under it were here: what the hand does is kept until they are. */
export class HeldStroke {
  readonly modifiers: Modifiers;
  /** What was in hand at the press. */
  readonly brush: BrushSettings;
  readonly #points: ToolPoint[];
  readonly #abort = new AbortController();
  #released = false;

  private constructor(brush: BrushSettings, at: ToolPoint, modifiers: Modifiers) {
    this.brush = brush;
    this.#points = [at];
    this.modifiers = modifiers;
  }

  /** Waits for the labels in sight; `done` hears when they are here, on the slice and in the project where the stroke began, or false. */
  static wait(
    host: ToolHost,
    at: ToolPoint,
    modifiers: Modifiers,
    done: (held: HeldStroke, here: boolean) => void,
  ): HeldStroke {
    const { z, labels, brush } = host;
    const held = new HeldStroke(brush, at, modifiers);
    const { signal } = held.#abort;
    const tell = (here: boolean): void => {
      const same = host.z === z && host.labels === labels;
      if (!signal.aborted) done(held, here && same && host.blocked() !== 'loading');
    };
    host.loadLabels(signal).then(
      () => {
        tell(true);
      },
      () => {
        tell(false);
      },
    );
    return held;
  }

  get points(): readonly ToolPoint[] {
    return this.#points;
  }

  /** The hand is up already. */
  get released(): boolean {
    return this.#released;
  }

  extend(points: readonly ToolPoint[]): void {
    this.#points.push(...points);
  }

  release(): void {
    this.#released = true;
  }

  drop(): void {
    this.#abort.abort();
  }
}
