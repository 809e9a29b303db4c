import { noConditioning, type Conditioning } from '#contract/entities';

export type Tissue = 'vnc' | 'isbi';

/** A stack that is corrected: a look of VNC stack 1 or of the ISBI stack, and what it goes through before a network. */
export interface CorrectionSetting {
  readonly name: string;
  readonly tissue: Tissue;
  /** Name of a look of `bench/conditioning/looks.ts`. */
  readonly look: string;
  readonly conditioning: Conditioning;
  /** A class that the start does not know: its strokes are all that the user paints. */
  readonly ownClass?: { readonly id: number; readonly name: string; readonly colour: string };
}

const grey = { ...noConditioning, flatField: 64 };

/** The conditionings are those that docs/decisions tells of; they are no part of what is measured. */
export const settings: readonly CorrectionSetting[] = [
  { name: 'hard', tissue: 'vnc', look: 'hard', conditioning: { ...grey, smoothing: 1.5 } },
  { name: 'mild', tissue: 'vnc', look: 'mild', conditioning: noConditioning },
  { name: 'blur', tissue: 'vnc', look: 'blur', conditioning: noConditioning },
  { name: 'native', tissue: 'vnc', look: 'native', conditioning: noConditioning },
  {
    name: 'mitochondria',
    tissue: 'vnc',
    look: 'native',
    conditioning: noConditioning,
    ownClass: { id: 3, name: 'mitochondria', colour: '#009e73' },
  },
  { name: 'isbi-hard', tissue: 'isbi', look: 'hard', conditioning: { ...grey, smoothing: 2 } },
  { name: 'isbi-mild', tissue: 'isbi', look: 'mild', conditioning: { ...grey, smoothing: 1 } },
  { name: 'isbi-blur', tissue: 'isbi', look: 'blur', conditioning: noConditioning },
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

/** Of the other tissue, so that no slice under test is among them: what replays, and what says that nothing collapsed. */
export const replaySlices = {
  isbi: { train: [0, 3, 6, 9, 12, 15, 18, 21], validate: [7, 19] },
  vnc: { train: [0, 5, 10, 15], validate: [7, 12] },
} as const;
