import type { PageLayout } from '../pixels/page-layout';

const START = '{"shape": [';
const LONGEST = 512;

/** Sizes in the JSON description that scientific Python writes, slowest axis first; null for any other text. */
export function parseShape(description: string): readonly number[] | null {
  if (!description.startsWith(START)) return null;
  const end = description.indexOf(']');
  if (end < 0 || end > LONGEST) return null;
  const sizes = description.slice(START.length, end).split(',').map(Number);
  const usable = sizes.length > 0 && sizes.every((size) => Number.isSafeInteger(size) && size > 0);
  return usable ? sizes : null;
}

/**
 * Planes of an array of that shape saved as pages of this layout: what is left of
 * the shape when the page's own axes are taken off its end, samples included
 * (behind the columns, or before the rows where they are planar). Null where the
 * page is no part of such an array.
 */
export function planesOfShape(
  shape: readonly number[],
  { width, height, samples, samplesPerBlock }: PageLayout,
): number | null {
  const planar = samples > 1 && samplesPerBlock === 1;
  const pages: readonly (readonly number[])[] =
    samples === 1
      ? [
          [height, width],
          [height, width, 1],
        ]
      : planar
        ? [[samples, height, width]]
        : [[height, width, samples]];
  for (const page of pages) {
    const left = shape.length - page.length;
    // A single row may be saved without its axis.
    const own = left === -1 && page[0] === 1 ? page.slice(1) : page;
    const first = shape.length - own.length;
    if (first >= 0 && own.every((size, axis) => shape[first + axis] === size))
      return shape.slice(0, first).reduce((planes, size) => planes * size, 1);
  }
  return null;
}
