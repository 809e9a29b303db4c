import { MembranaError } from '#contract/errors';
import { fitLook, type Look } from '#model/training/look/fit-look';
import { copiesFor, inLook } from '#model/training/look/restyle';
import { Random } from '#model/training/random';
import type { TrainingSlice } from '#model/training/training-slice';
import type { Conditioning } from '#contract/entities';
import { breathe } from '../../serve';
import type { StackPicture } from './stack-pictures';

/** Keeps the looks of a seed apart from its crops. */
const SEED_OF_LOOKS = 0x6c6f6f6b;

/**
 * What makes clean slices (normalised, unconditioned, on the network's grid)
 * look like a stack.
 * @throws MembranaError training.bad-input when the stack shows no tissue
 */
export function stackLook(clean: readonly TrainingSlice[], stack: readonly StackPicture[]): Look {
  const look = fitLook(
    stack,
    clean.map(({ image, width, height }) => ({ image, width, height, known: null })),
  );
  if (look !== null) return look;
  throw new MembranaError(
    'training.bad-input',
    'There is nothing to fit the model to: the stack shows no tissue.',
    { hint: 'Check that this is the right stack.' },
  );
}

/**
 * Clean slices (of a fit or replay) in the look of a stack: each several times,
 * drawn afresh, its targets and weights unchanged; `crops`: how many will be cut
 * out of them, those of the measured rounds where left out. Equal seeds give equal slices.
 */
export async function inStackLook(
  clean: readonly TrainingSlice[],
  look: Look,
  conditioning: Conditioning,
  {
    seed,
    signal,
    crops,
  }: { readonly seed: number; readonly signal: AbortSignal; readonly crops?: number },
): Promise<TrainingSlice[]> {
  const slices: TrainingSlice[] = [];
  const drawing = { copies: copiesFor(clean, crops), random: new Random(seed ^ SEED_OF_LOOKS) };
  for (const slice of inLook(clean, look, conditioning, drawing)) {
    slices.push(slice);
    await breathe(signal);
  }
  return slices;
}
