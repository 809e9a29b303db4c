/** As many of a stack's slices are tried: blank and damaged ones give way to others. */
const TRIED = 12;

/** Slices in the middles of `count` equal parts of a stack. */
function spread(depth: number, count: number): number[] {
  const parts = Math.min(depth, count);
  return Array.from({ length: parts }, (_, i) => Math.floor(((i + 0.5) * depth) / parts));
}

/** The slices of a stack to take its look from, the best first: three spread over it, then others between. */
export function lookSlices(depth: number): number[] {
  return [...new Set([...spread(depth, 3), ...spread(depth, TRIED)])];
}
