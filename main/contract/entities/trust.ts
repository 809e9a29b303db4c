import { z } from 'zod';
import { ModelId } from '../ids';
import { limits } from '../limits';
import { Conditioning, sameConditioning } from './conditioning';
import { count } from './numbers';

/** `green`: the model is at home; `yellow`: cells are doubtful; `red`: it does not know this kind of picture. */
export const TrustLight = z.enum(['green', 'yellow', 'red']);
export type TrustLight = z.infer<typeof TrustLight>;

const share = z.number().min(0).max(1);

/** One slice's answer, as it lies and transposed, held against each other. */
export const SliceTrust = z.object({
  z: count,
  light: TrustLight,
  /** V_Info, both ways, between the cells of the two answers at the model's own threshold. */
  agreement: share,
  /** Mean |p − q| over the share above one half; null = nothing is above. */
  disagreement: z.number().nonnegative().nullable(),
  /** Share of the tissue above one half. */
  share,
});
export type SliceTrust = z.infer<typeof SliceTrust>;

/** How far a model's cells can be trusted on a stack, measured without labels. */
export const StackTrust = z.object({
  light: TrustLight,
  agreement: share,
  disagreement: z.number().nonnegative().nullable(),
  share,
  /** The model's own threshold for cells. */
  threshold: share,
  /** The threshold at which the two answers agree best; null where the model's own stands. */
  better: z.object({ threshold: share, agreement: share }).nullable(),
  /** By how much the stack is blurred beside the labelled pictures that come with the app, standard deviation in pixels; null = not measured. */
  blur: z.number().nonnegative().nullable().default(null),
  slices: z.array(SliceTrust).max(limits.slices),
  /** What it was measured with. */
  model: ModelId,
  conditioning: Conditioning,
});
export type StackTrust = z.infer<typeof StackTrust>;

/**
 * From this blur on labelled pictures in the look of the stack are worth
 * learning from, whatever the light: blurred slices are merged steadily, so
 * that turning them over does not tell (agreement 0.986 at 2.1 px, where a fit
 * won 0.017 V_Info; at 1.0 px it won nothing: docs/decisions/0010-fit.md).
 */
export const BLURRED = 1.5;

/** Whether fitting the model to the stack may pay. */
export const worthFitting = ({ light, blur }: Pick<StackTrust, 'light' | 'blur'>): boolean =>
  light !== 'green' || (blur ?? 0) > BLURRED;

/** What was measured of a model on a stack as it is shown to models now; null = nothing. */
export function trustIn(
  trust: StackTrust | null,
  model: ModelId | null,
  conditioning: Conditioning,
): StackTrust | null {
  if (trust?.model !== model) return null;
  return sameConditioning(trust.conditioning, conditioning) ? trust : null;
}
