import { z } from 'zod';

export const CurvePoint = z.object({
  step: z.number(),
  /** Seconds of training, without those of validation. */
  seconds: z.number(),
  /** On the choosing slices at the best threshold there, in steps of 0.1. */
  vInfo: z.number(),
});
export type CurvePoint = z.infer<typeof CurvePoint>;

/** What one side made of one fold: maps of the scored slices, and the thresholds that it chose before. */
export const Part = z.object({
  name: z.string(),
  /** TIFF of the scored slices, in order. */
  maps: z.string(),
  thresholds: z.object({ topology: z.number(), pixel: z.number() }),
  steps: z.number().nullable(),
  seconds: z.number().nullable(),
  curve: z.array(CurvePoint),
  notes: z.string(),
});
export type Part = z.infer<typeof Part>;

/** Seconds of training until V_Info was first reached; null = never. Only as fine as validations are frequent. */
export function timeToReach(curve: readonly CurvePoint[], vInfo: number): number | null {
  return curve.find((point) => point.vInfo >= vInfo)?.seconds ?? null;
}
