import { confirmed, INTERIOR, MEMBRANE, painted } from '#contract/label-byte';

export const STROKES_SIDE = 256;
const RADIUS = 6;

/** Linear congruential generator of Numerical Recipes: enough to scatter strokes, the same every time. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Label bytes of a slice of STROKES_SIDE² with round strokes of all three kinds. */
export function strokes(count: number, seed: number): Uint8Array<ArrayBuffer> {
  const next = numbers(seed);
  const side = STROKES_SIDE;
  const labels = new Uint8Array(side * side);
  const values = [painted(MEMBRANE), painted(INTERIOR), confirmed(INTERIOR)];
  for (let i = 0; i < count; i += 1) {
    const x = Math.floor(next() * side);
    const y = Math.floor(next() * side);
    for (let row = Math.max(0, y - RADIUS); row <= Math.min(side - 1, y + RADIUS); row += 1) {
      const half = Math.floor(Math.sqrt(RADIUS ** 2 - (row - y) ** 2));
      const left = Math.max(0, x - half);
      labels.fill(values[i % 3] ?? 0, row * side + left, row * side + Math.min(side, x + half + 1));
    }
  }
  return labels;
}
