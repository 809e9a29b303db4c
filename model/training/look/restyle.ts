import { conditionSlice, type GreyConditioning } from '../../inference/condition';
import { gaussian } from '../../inference/gaussian';
import type { Random } from '../random';
import type { TrainingSlice } from '../training-slice';
import { evenPicture, type Look } from './fit-look';
import { quantilesOf, toQuantiles } from './quantiles';
import type { SeenPicture } from './spectrum';

/** Blur and noise are varied by up to this share to either side: no stack is equally sharp everywhere. */
const JITTER = 0.25;

/** A blur below this changes no pixel by more than 1 %. */
const LEAST_BLUR = 0.15;

/**
 * A clean picture, as looks see it (`evenPicture`), in a look: blurred, noisy, of the stack's histogram, and
 * then conditioned as the stack is. Blur and noise are drawn afresh, ± 25 %
 * each. What is where stays, so labels stay true.
 */
export function restyle(
  picture: SeenPicture,
  look: Look,
  conditioning: Omit<GreyConditioning, 'inverted'>,
  random: Random,
): Float32Array<ArrayBuffer> {
  const { image, known, width, height } = picture;
  const blur = look.blur * random.between(1 - JITTER, 1 + JITTER);
  const noise = look.noise * random.between(1 - JITTER, 1 + JITTER);
  const seen = blur > LEAST_BLUR ? gaussian(image, width, height, blur) : image;
  const noisy = noise > 0 ? seen.map((value) => value + noise * random.normal()) : seen;
  const drawn = toQuantiles(noisy, quantilesOf(noisy, known), look.quantiles);
  return conditionSlice(drawn, known, width, height, { ...conditioning, inverted: false });
}

/** 120 steps of four, as measured; a longer training meets looks more often. */
const MOST_CROPS = 480;
const CROP_PIXELS = 256 * 256;
const MOST_COPIES = 12;

/** How many differently drawn looks each of these slices should get so that so many crops of 256² meet the same look of a place twice at most. */
export function copiesFor(
  slices: readonly Pick<TrainingSlice, 'width' | 'height'>[],
  crops = MOST_CROPS,
): number {
  const pixels = slices.reduce((sum, { width, height }) => sum + width * height, 0);
  const wanted = (Math.min(crops, MOST_CROPS) / 2) * CROP_PIXELS;
  return Math.min(MOST_COPIES, Math.max(1, Math.ceil(wanted / Math.max(1, pixels))));
}

/** Slices to learn from in a look, each `copies` times, drawn afresh; targets and weights are theirs. */
export function* inLook(
  slices: readonly TrainingSlice[],
  look: Look,
  conditioning: Omit<GreyConditioning, 'inverted'>,
  { copies, random }: { readonly copies: number; readonly random: Random },
): Generator<TrainingSlice, void, undefined> {
  for (const slice of slices) {
    const { image, width, height } = slice;
    // What was no tissue was filled from its surround, so it looks like the rest.
    const picture = evenPicture({ image, width, height, known: null });
    for (let copy = 0; copy < copies; copy += 1)
      yield { ...slice, image: restyle(picture, look, conditioning, random) };
  }
}
