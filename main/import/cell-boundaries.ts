import type { LabelMapping } from '#contract/entities';
import { INTERIOR, MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import type { PixelArray } from '#volume/pixel-array';

/**
 * Membranes between cells that are numbered: a line of `width` pixels where
 * numbers meet, interior elsewhere. An odd width lies on the left or upper of
 * two cells by one pixel more, an even one on both alike. Pixels of 0 that are
 * `membrane` are membrane as a whole; those to `leave` stay untouched, and
 * nothing is drawn between them and a cell, since nobody knows what lies there.
 */
export function cellBoundaries(
  values: PixelArray,
  width: number,
  { width: line, zero }: Pick<Extract<LabelMapping, { kind: 'boundaries' }>, 'width' | 'zero'>,
): Uint8Array<ArrayBuffer> {
  const height = values.length / width;
  const isZero = (i: number): boolean => Number(values[i]) === 0;
  const counts = (i: number): boolean => zero === 'cell' || !isZero(i);
  const classes = Uint8Array.from({ length: values.length }, (_, i) =>
    counts(i) ? INTERIOR : zero === 'membrane' ? MEMBRANE : UNTOUCHED,
  );
  const disc = discOf((line - (line % 2 === 0 ? 2 : 1)) / 2);
  const mark = (x: number, y: number): void => {
    for (const [dx, dy] of disc) {
      const [px, py] = [x + dx, y + dy];
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      const at = py * width + px;
      if (classes[at] === INTERIOR) classes[at] = MEMBRANE;
    }
  };
  const meet = (i: number, j: number): boolean => values[i] !== values[j] && counts(i) && counts(j);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const i = y * width + x;
      const right = x + 1 < width && meet(i, i + 1);
      const below = y + 1 < height && meet(i, i + width);
      if (right || below) mark(x, y);
      if (line % 2 === 0 && right) mark(x + 1, y);
      if (line % 2 === 0 && below) mark(x, y + 1);
    }
  return classes;
}

/** Places within `radius` of a pixel. */
function discOf(radius: number): readonly (readonly [number, number])[] {
  const reach = Array.from({ length: 2 * radius + 1 }, (_, i) => i - radius);
  return reach.flatMap((dy) =>
    reach.filter((dx) => dx * dx + dy * dy <= radius * radius).map((dx) => [dx, dy] as const),
  );
}
