import { between } from '../draw/colour-mix';

/** Where the heat ends: the least certain pixels glow in it, whatever the layer's colour. */
const HOTTEST = '#fff000';

/** How little a model knows of a pixel, from its membrane probability (a byte): 1 − |2p − 1|, so 1 at one half and 0 at both ends. */
export function uncertaintyOf(probability: number): number {
  return 1 - Math.abs((2 * probability) / 255 - 1);
}

/** Colour of an uncertainty 0…1: from the layer's colour up to yellow. */
export function heat(uncertainty: number, colour: string): readonly [number, number, number] {
  return between(colour, HOTTEST, uncertainty ** 2);
}
