import { normaliseSlice } from '../../inference/normalise';
import { Random } from '../random';
import type { TrainingSlice } from '../training-slice';

/** A slice of square cells with dark walls: easy enough to be learnt in a few steps. */
export function cells(side: number, seed: number, group = 'labels'): TrainingSlice {
  const random = new Random(seed);
  const target = new Uint8Array(side * side);
  const grey = new Float32Array(side * side);
  const offset = random.integer(16);
  for (let i = 0; i < grey.length; i++) {
    const x = ((i % side) + offset) % 16;
    const y = (Math.floor(i / side) + offset) % 16;
    const wall = x < 3 || y < 3;
    target[i] = wall ? 1 : 0;
    grey[i] = (wall ? 60 : 180) + 20 * random.normal();
  }
  return {
    image: normaliseSlice(grey),
    width: side,
    height: side,
    target,
    weight: new Uint8Array(side * side).fill(1),
    group,
  };
}
