import type { PlaneAxis } from '#contract/planes';
import type { PredictedMask } from '#labels/predicted-mask';
import type { SliceLabels } from '#labels/slice-labels';
import type { PixelArea } from '#labels/pixel-area';
import type { Point } from '#labels/rasterize';
import type { Region } from '#labels/region';
import type { FieldSource } from './field-source';
import type { BrushSettings, ToolSettings } from './tool-settings';

export type { BrushSettings, ToolSettings } from './tool-settings';

/** Why a press does nothing, or less than it might. */
export type BlockedReason =
  | 'loading'
  | 'mask-hidden'
  | 'mask-locked'
  | 'class-hidden'
  | 'membrane-hidden'
  | 'review-locked'
  | 'read-only'
  | 'no-prediction'
  | 'nothing-changed'
  | 'nothing-to-erase'
  | 'nothing-predicted-to-erase'
  | 'no-label-to-erase'
  | 'area-cut'
  | 'no-gap'
  | 'nothing-between'
  | 'nothing-to-copy'
  /** The tool works on slices, and the view is a plane at right angles to them. */
  | 'slices-only'
  /** The same of painting only where the model is sure. */
  | 'gate-on-slices-only';

/** What a tool is about to do, where it does not paint with the class in hand. */
export type Change = 'erase' | 'review';

/** A pointer position, in image pixels and in CSS pixels of the view. */
export interface ToolPoint {
  readonly image: Point;
  readonly view: Point;
  /** How hard a pen is pressed, 0…1; absent for what has no pressure. */
  readonly pressure?: number;
}

export interface Modifiers {
  readonly shift: boolean;
  /** Ctrl, or Cmd on a Mac. */
  readonly control: boolean;
  readonly alt: boolean;
}

/** Pixels that a step would change, and into what: one class, a class each in span order, or another state of review. */
export interface AreaPreview {
  readonly area: PixelArea;
  readonly as: number | Uint8Array | 'reviewed' | 'unreviewed';
}

/** A line on its way; the last point may be where the pointer is. */
export interface PathPreview {
  readonly points: readonly Point[];
  /** Corners that are fixed. */
  readonly corners: readonly Point[];
  /** Image pixels on each side that it will paint; 0 = a bare line. */
  readonly radius: number;
}

/** What the masks show by prediction, for every pixel in sight. */
export type PredictedAnswer =
  | { readonly kind: 'ready'; readonly mask: PredictedMask }
  | { readonly kind: 'loading' }
  /** The slice has no prediction. */
  | { readonly kind: 'absent' };

/** What a tool may do with the view that it works in. */
export interface ToolHost {
  readonly labels: SliceLabels | null;
  /** The slice in view, or the plane. */
  readonly z: number;
  /** Which way the view looks; null = at slices. */
  readonly plane: PlaneAxis | null;
  readonly brush: BrushSettings;
  readonly settings: ToolSettings;
  readonly fields: FieldSource;
  /** Image point in the middle of the view. */
  readonly centre: Point;
  /** Why painting with the class in hand, erasing, or changing the state of review, is not possible right now; null = go ahead. */
  blocked(what?: Change): BlockedReason | null;
  tellBlocked(reason: BlockedReason): void;
  /** Resolves when the labels in sight are here. */
  loadLabels(signal: AbortSignal): Promise<void>;
  /** The prediction in sight, as far as it is here. */
  predicted(): PredictedAnswer;
  /** Resolves when the prediction in sight is here: never with `loading`. */
  loadPredicted(signal: AbortSignal): Promise<PredictedAnswer>;
  panBy(dx: number, dy: number): void;
  /** The user chose another brush radius, in image pixels. */
  resizeBrush(radius: number): void;
  /** The user chose another tolerance of the wand, 0…255. */
  setTolerance(tolerance: number): void;
  /** Asks for another `hover` with the next frame, wherever the pointer is. */
  hoverAgain(): void;
  /** Shows a closed outline, in image pixels, filled with a breath of what it will become; null takes it away. */
  showOutline(points: readonly Point[] | null, as?: number | 'reviewed'): void;
  /** Shows what a step would change; null takes it away. */
  showArea(preview: AreaPreview | null): void;
  /** Shows an open line, in image pixels; null takes it away. */
  showPath(path: PathPreview | null): void;
  confirmRegion(region: Region): void;
  pick(at: Point): void;
  /** Puts the point where the planes cross to an image point. */
  pointAt(at: Point): void;
}

/** How a gesture ends before its release. */
export type ToolExit = 'abort' | 'lost' | 'switch';

/** What a pointer does between press and release. One gesture at a time. */
export interface Tool {
  /** Where the tool stands: `idle`, or the name of what is under way. */
  readonly state: string;
  press(point: ToolPoint, modifiers: Modifiers): void;
  /** Every position since the last call, oldest first. */
  drag(points: readonly ToolPoint[]): void;
  /** The named exit `complete`. */
  release(): void;
  /** Escape; the pointer was lost; another tool was chosen. Harmless when idle. */
  exit(reason: ToolExit): void;
  /** Enter, or a double click; false when there was nothing to accept. */
  accept(): boolean;
  /** The pointer rests or moves without a press, at most once a frame; null = it left. */
  hover?(at: ToolPoint | null, modifiers: Modifiers): void;
  /** Backspace; false when there was nothing to take back. */
  back?(): boolean;
  /** The tool was taken up or another option chosen (`options`), or what it looks at has changed (`slice`). */
  refresh?(why: 'options' | 'slice'): void;
  /** A press is a click: from the keyboard it needs no second one to end it. */
  readonly clicks?: true;
}
