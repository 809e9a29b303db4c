import type { ModelId, StackId } from '#contract/ids';
import { en } from '../strings/en';
import type { PaintingState } from './painting.svelte';

/**
 * Makes a step of what a segmentation brought into view. Slices that had a
 * prediction by that model in view before are no part of it: there is nothing
 * to go back to.
 */
export class SegmentSteps {
  readonly #painting: PaintingState;
  #under: { readonly stack: StackId; readonly model: ModelId } | null = null;
  #added = new Set<number>();

  constructor(painting: PaintingState) {
    this.#painting = painting;
  }

  /** Slices that came into view under a model while a job runs; jobs run one at a time. */
  add(stack: StackId, model: ModelId, slices: readonly number[]): void {
    if (model !== this.#under?.model || stack !== this.#under.stack) this.forget();
    this.#under = { stack, model };
    for (const z of slices) this.#added.add(z);
  }

  /** The segmentation is over, finished or not: what it added is one step. */
  conclude(): void {
    const slices = [...this.#added].sort((a, b) => a - b);
    const [first] = slices;
    const under = this.#under;
    this.forget();
    if (first === undefined || under === null) return;
    const name =
      slices.length === 1
        ? en.steps.segmentSlice(first + 1)
        : en.steps.segmentSlices(slices.length);
    this.#painting.change(name, {
      kind: 'predictions',
      ...under,
      slices,
      before: 'hidden',
      after: 'shown',
    });
  }

  /** What came into view belongs to something else than a segmentation. */
  forget(): void {
    this.#under = null;
    this.#added = new Set();
  }
}
