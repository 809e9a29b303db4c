import type { Scores } from '#contract/entities';
import type { ValidationResult } from '#model/training/validation';

/** Scores as the app keeps them; null where a number is undefined (no true interior in any slice). */
export function toScores(result: ValidationResult | undefined): Scores | null {
  if (result === undefined) return null;
  const { atThreshold, atPixelThreshold } = result;
  const scores = {
    vInfo: atThreshold.vInfo.score,
    vRand: atThreshold.vRand.score,
    dice: atPixelThreshold.dice,
    accuracy: atPixelThreshold.accuracy,
    threshold: result.threshold,
    pixelThreshold: result.pixelThreshold,
  };
  return Object.values(scores).every(Number.isFinite) ? scores : null;
}
