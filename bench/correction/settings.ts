import { noConditioning, type Conditioning } from '#contract/entities';

/** A stack that is corrected: a look of VNC stack 1 and what it goes through before a network. */
export interface CorrectionSetting {
  readonly name: string;
  /** Name of a look of `bench/conditioning/looks.ts`. */
  readonly look: string;
  readonly conditioning: Conditioning;
}

const grey = { ...noConditioning, flatField: 64 };

/** The conditionings are those that docs/decisions tells of; they are no part of what is measured. */
export const settings: readonly CorrectionSetting[] = [
  { name: 'hard', look: 'hard', conditioning: { ...grey, smoothing: 1.5 } },
  { name: 'mild', look: 'mild', conditioning: noConditioning },
  { name: 'blur', look: 'blur', conditioning: noConditioning },
  { name: 'native', look: 'native', conditioning: noConditioning },
];

/** Slices that are corrected, round by round; the user spreads them over the stack. */
export const rounds: readonly (readonly number[])[] = [
  [0, 4, 8],
  [2, 6, 10],
  [1, 9],
  [5, 11],
  [3, 7],
];
/** Never corrected, never looked at by a gate: what every version is scored on. */
export const scored: readonly number[] = [12, 13, 14, 15];
export const depth = 16;

/** Of the ISBI stack, which no VNC slice is in: what replays, and what says that nothing collapsed. */
export const replaySlices = {
  train: [0, 3, 6, 9, 12, 15, 18, 21],
  validate: [7, 19],
} as const;
