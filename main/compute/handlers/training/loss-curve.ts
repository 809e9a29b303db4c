import type { LossPoint } from '#contract/entities';

/** As many points as a model card takes; a night of small steps has more. */
const MOST_POINTS = 20_000;
/** Loss shown at the end: the mean of the last points, since a single one is noisy. */
const LAST_POINTS = 20;

/**
 * The loss of every step; of a long run of every second, fourth, … step, and
 * of those with a validation.
 */
export class LossCurve {
  #points: LossPoint[];

  constructor(points: readonly LossPoint[] = []) {
    this.#points = [...points];
  }

  get points(): readonly LossPoint[] {
    return this.#points;
  }

  /** Mean loss of the last points; 0 without any. */
  get finalLoss(): number {
    const last = this.#points.slice(-LAST_POINTS);
    return last.reduce((sum, { loss }) => sum + loss, 0) / Math.max(1, last.length);
  }

  add(step: number, loss: number): void {
    this.#points.push({ step, loss });
    if (this.#points.length <= MOST_POINTS) return;
    this.#points = this.#points.filter(
      ({ validation }, i) => i % 2 === 1 || validation !== undefined,
    );
  }

  /** The score of the last step's weights. Returns that step's loss. */
  validated(validation: number): number {
    const last = this.#points.at(-1);
    if (last === undefined) return 0;
    this.#points[this.#points.length - 1] = { ...last, validation };
    return last.loss;
  }

  /** Training went back to `step`. */
  cut(step: number): void {
    this.#points = this.#points.filter((point) => point.step <= step);
  }
}
