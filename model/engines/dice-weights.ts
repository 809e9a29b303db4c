import type { Network } from '../network/network';
import type { TrainingOptions } from './engine';

/** The weight of each class's Dice; one number where all have the same. */
export function diceWeights(
  { classes, output }: Network,
  { diceWeight, firstDiceWeight = diceWeight }: TrainingOptions,
): readonly number[] {
  if (firstDiceWeight === diceWeight || output === 'softmax') return [diceWeight];
  return Array.from({ length: classes }, (_, c) => (c === 0 ? firstDiceWeight : diceWeight));
}
