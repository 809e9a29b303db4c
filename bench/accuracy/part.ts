import { z } from 'zod';
import type { Budget } from './options';

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

/** Seconds or steps of training until V_Info was first reached; null = never. Only as fine as validations are frequent. */
export function lengthToReach(
  curve: readonly CurvePoint[],
  vInfo: number,
  unit: Budget['kind'],
): number | null {
  const point = curve.find((each) => each.vInfo >= vInfo);
  if (!point) return null;
  return unit === 'steps' ? point.step : point.seconds;
}
