import { MEMBRANE } from '#contract/label-byte';
import type { Overwrite } from '#labels/paint-mode';

/** What the tools paint with; radius in image pixels. */
export interface BrushSettings {
  readonly radius: number;
  /** Label byte, see `#contract/label-byte`. */
  readonly label: number;
  readonly overwrite: Overwrite;
  /** Ids of classes that nothing may change. */
  readonly locked: ReadonlySet<number>;
}

/** What can be done to a class of the slice as a whole, or within a region. */
export const adjustments = ['grow', 'shrink', 'smooth', 'remove-specks', 'fill-holes'] as const;
export type Adjustment = (typeof adjustments)[number];

/** What the eraser leads to: what is seen as membrane becomes interior, or the user's label goes and the prediction shows again. */
export type EraseTo = 'interior' | 'prediction';

/** Options of single tools. */
export interface ToolSettings {
  /** The wand takes up values this far from its seed's, 0…255. */
  readonly tolerance: number;
  /** The brush paints only where the membrane probability (0…1) lies within; null = anywhere. */
  readonly gate: { readonly min: number; readonly max: number } | null;
  /** A pen that is pressed less paints thinner. */
  readonly penPressure: boolean;
  readonly eraseTo: EraseTo;
  readonly adjustment: Adjustment;
  /** Pixels: a radius, for specks and holes the greatest area. */
  readonly amount: number;
}

export const defaultBrush: BrushSettings = {
  radius: 12,
  label: MEMBRANE,
  overwrite: { kind: 'all' },
  locked: new Set(),
};

export const defaultToolSettings: ToolSettings = {
  tolerance: 32,
  gate: null,
  penPressure: true,
  eraseTo: 'interior',
  adjustment: 'grow',
  amount: 2,
};
