import type { Engine } from '../engines/engine';
import type { Network } from '../network/network';
import type { Recipe } from './defaults';
import type { Preview } from './preview';
import type { TrainingSlice, ValidationSlice } from './training-slice';
import type { ValidationResult } from './validation';

export interface TrainingRun {
  readonly engine: Engine;
  readonly network: Network;
  /** Weights to start from; fresh ones drawn from the seed when left out. */
  readonly weights?: Float32Array<ArrayBuffer>;
  readonly slices: readonly TrainingSlice[];
  /** May be empty: then the last averaged weights are the result, with thresholds of 0.5. */
  readonly validation: readonly ValidationSlice[];
  readonly recipe: Recipe;
  /** Decides start weights, crops and augmentation. */
  readonly seed: number;
  /** Bytes of a `checkpoint` event of the same run. */
  readonly resume?: Uint8Array;
  readonly signal?: AbortSignal;
}

export type TrainingEvent =
  | {
      readonly kind: 'step';
      /** Steps done, from 1. */
      readonly step: number;
      readonly loss: number;
      readonly learningRate: number;
      /** Share of the run that is done, in (0, 1]. */
      readonly progress: number;
      /** An estimate. */
      readonly secondsLeft: number;
    }
  | ({ readonly kind: 'validation'; readonly step: number } & ValidationResult)
  | ({ readonly kind: 'preview'; readonly step: number } & Preview)
  | { readonly kind: 'checkpoint'; readonly step: number; readonly state: Uint8Array<ArrayBuffer> }
  /** The loss ran away; training went on from an earlier step at a lower learning rate. */
  | { readonly kind: 'returned'; readonly step: number; readonly toStep: number }
  | {
      readonly kind: 'done';
      readonly steps: number;
      readonly seconds: number;
      /** The averaged weights with the best validation, canonical order. */
      readonly weights: Float32Array<ArrayBuffer>;
      readonly bestStep: number;
      /** False when training stopped early because it kept diverging. */
      readonly completed: boolean;
      readonly validation: ValidationResult | undefined;
    };
