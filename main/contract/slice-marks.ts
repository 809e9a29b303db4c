import { formatSliceRange, type FirstSlice } from './slice-range';

/**
 * Text about slices is made where nobody knows who will read it: the window
 * counts them from 1, the command line from 0. So it carries marks, "Slice
 * ⟨3⟩ can't be read", and the door through which it leaves writes the number.
 */
const MARK = /⟨(\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)⟩/g;

/** Marks a slice, or several, by their 0-based numbers. */
export function sliceMark(slices: number | readonly number[]): string {
  return `⟨${formatSliceRange(typeof slices === 'number' ? [slices] : slices)}⟩`;
}

/** The text as a person reads it. */
export function writeSlices(text: string, called: FirstSlice): string {
  return text.replace(MARK, (_, range: string) =>
    range.replace(/\d+/g, (z) => String(Number(z) + called)),
  );
}

/** Whether a text names slices by mark, so that a door that counts unlike the window can say so. */
export const namesSlices = (text: string): boolean => text.search(MARK) >= 0;

/** Every text within a value that goes out through a door, as a person reads it. Bytes and keys stay as they are. */
export function writeSlicesWithin(value: unknown, called: FirstSlice): unknown {
  if (typeof value === 'string') return value.includes('⟨') ? writeSlices(value, called) : value;
  if (Array.isArray(value)) return value.map((one: unknown) => writeSlicesWithin(one, called));
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]: [string, unknown]) => [
      key,
      writeSlicesWithin(one, called),
    ]),
  );
}
