import type { MaxPoolLayer } from '../../../network/network';
import { at, mapsOf, type Maps } from '../maps';
import { inputAt, type LayerReference } from './layer-reference';

const window: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

/** Which of the four pixels of a window, in reading order, is the largest; the first of equal ones. */
export function largestOf(input: Maps, c: number, y: number, x: number): number {
  let largest = 0;
  let found = -Infinity;
  window.forEach(([dy, dx], i) => {
    const value = at(input, c, 2 * y + dy, 2 * x + dx);
    if (value > found) {
      found = value;
      largest = i;
    }
  });
  return largest;
}

/** y = the largest of 2 × 2; its gradient goes to that pixel alone. */
export const maxPool: LayerReference<MaxPoolLayer> = {
  forward(_layer, inputs) {
    const input = inputAt(inputs, 0);
    return mapsOf(input.channels, input.height / 2, input.width / 2, (c, y, x) =>
      Math.max(...window.map(([dy, dx]) => at(input, c, 2 * y + dy, 2 * x + dx))),
    );
  },
  backward(_layer, inputs, gradient) {
    const input = inputAt(inputs, 0);
    const inputGradient = mapsOf(input.channels, input.height, input.width, (c, y, x) => {
      const place = (y & 1) * 2 + (x & 1);
      return largestOf(input, c, y >> 1, x >> 1) === place ? at(gradient, c, y >> 1, x >> 1) : 0;
    });
    return { inputs: [inputGradient], parameters: {} };
  },
};
