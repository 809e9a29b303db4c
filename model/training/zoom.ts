import type { Displacement } from './elastic';
import type { Random } from './random';

export interface ZoomRange {
  /** Largest factor minus 1: 0.2 draws factors from 1 / 1.2 to 1.2, evenly by their logarithm. */
  readonly zoom: number;
  /** Largest angle to either side, in degrees. */
  readonly rotation: number;
}

/**
 * Adds a random zoom and turn about the middle of a square to a displacement:
 * microscopes differ in pixel size, and cells have no upright. Draws nothing
 * where both ranges are 0.
 */
export function zoomedAndTurned(
  displacement: Displacement,
  side: number,
  { zoom, rotation }: ZoomRange,
  random: Random,
): Displacement {
  if (zoom === 0 && rotation === 0) return displacement;
  const reach = Math.log(1 + zoom);
  const factor = Math.exp(random.between(-reach, reach));
  const angle = (random.between(-rotation, rotation) * Math.PI) / 180;
  const along = factor * Math.cos(angle);
  const across = factor * Math.sin(angle);
  const middle = (side - 1) / 2;
  const x = new Float32Array(side * side);
  const y = new Float32Array(side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = row * side + column;
      const u = column - middle;
      const v = row - middle;
      x[at] = (displacement.x[at] ?? 0) + along * u - across * v - u;
      y[at] = (displacement.y[at] ?? 0) + across * u + along * v - v;
    }
  }
  return { x, y };
}
