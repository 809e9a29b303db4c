/** The steps of the loop; exactly one of them is offered as the primary button. */
export type LoopStep = 'open' | 'train' | 'segment' | 'fix' | 'retrain';

export interface LoopFacts {
  readonly projectOpen: boolean;
  /** There is a model to segment with. */
  readonly hasModel: boolean;
  /** The slice shown has a probability map of the model in use. */
  readonly slicePredicted: boolean;
  /** Reviewed pixels (painted or confirmed) that the model in use has not learned from. */
  readonly reviewedSinceTraining: number;
  readonly readOnly: boolean;
}

/**
 * Reviewed pixels before Retrain becomes the suggestion. A handful of dabs is
 * not worth a training; chosen by hand as about two strokes of a 24-px brush
 * across a cell, and not yet measured.
 */
export const WORTH_RETRAINING = 4000;

/** What a person would do next: open, get a model, let the model paint, correct it, let it learn. */
export function nextStep(facts: LoopFacts): LoopStep {
  if (!facts.projectOpen) return 'open';
  if (!facts.hasModel) return 'train';
  if (!facts.readOnly && facts.reviewedSinceTraining >= WORTH_RETRAINING) return 'retrain';
  if (!facts.slicePredicted) return 'segment';
  return 'fix';
}
