import type { BrushSettings, Modifiers, PredictedAnswer, ToolHost, ToolPoint } from './tool';

/** A stroke that began before what it goes by was here: what the hand does is kept until they are. */
export class PendingStroke {
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

  /**
   * Waits for the labels in sight, and for the prediction where the stroke
   * goes by it; `done` hears when they are here, on the slice and in the
   * project where the stroke began, or null.
   */
  static wait(
    host: ToolHost,
    at: ToolPoint,
    modifiers: Modifiers,
    byPrediction: boolean,
    done: (held: PendingStroke, here: { readonly predicted: PredictedAnswer } | null) => void,
  ): PendingStroke {
    const { z, labels, brush } = host;
    const held = new PendingStroke(brush, at, modifiers);
    const { signal } = held.#abort;
    const tell = (predicted: PredictedAnswer | null): void => {
      const here = host.z === z && host.labels === labels && host.blocked() !== 'loading';
      if (!signal.aborted) done(held, predicted && here ? { predicted } : null);
    };
    const prediction = byPrediction ? host.loadPredicted(signal) : { kind: 'absent' as const };
    Promise.all([host.loadLabels(signal), prediction]).then(
      ([, predicted]) => {
        tell(predicted);
      },
      () => {
        tell(null);
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
