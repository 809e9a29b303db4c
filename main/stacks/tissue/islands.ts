import { eachGroup } from './connected';
import { type MarkedSlice, NOTHING } from './marks';

/** What lies apart in padding and is smaller than this share of the largest piece is lettering or dirt. */
const SMALL = 0.02;

/** Marks small pieces that padding cuts off from the rest, as the letters of a data bar are; gives back their pixels. */
export function markIslands({ width, marks }: MarkedSlice): number {
  const belongs = (at: number): boolean => marks[at] !== NOTHING;
  let largest = 0;
  eachGroup(width, marks.length, belongs, ({ length }) => {
    largest = Math.max(largest, length);
  });
  let taken = 0;
  eachGroup(width, marks.length, belongs, (places) => {
    if (places.length >= SMALL * largest) return;
    for (const at of places) marks[at] = NOTHING;
    taken += places.length;
  });
  return taken;
}
