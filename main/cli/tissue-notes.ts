import { sliceMark } from '#contract/slice-marks';
import type { TissueReport } from '../compute/requests';

/** What a stack's slices say of their tissue, slices that say the same together. */
export class TissueNotes {
  readonly #slices = new Map<string, number[]>();
  #sum = 0;
  #count = 0;

  /** The line to print now; null where the slice is all tissue or says what the one before it said. */
  add(z: number, { share, note }: TissueReport): string | null {
    this.#sum += share;
    this.#count += 1;
    if (note === '') return null;
    const known = this.#slices.get(note);
    this.#slices.set(note, [...(known ?? []), z]);
    return known === undefined ? `Slice ${sliceMark(z)}: ${note}.` : null;
  }

  /** Mean share of the pixels that are tissue; 0 of no slices. */
  get share(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }

  lines(): string[] {
    return [...this.#slices].map(([note, slices]) => {
      const what = slices.length === 1 ? 'Slice' : 'Slices';
      return `${what} ${sliceMark(slices)}: ${note}.`;
    });
  }
}
