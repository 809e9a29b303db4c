import type { LabelSession } from '#labels/label-session';
import type { Point } from '#labels/rasterize';
import type { Region } from '#labels/region';

/** What the tools paint with; radius in image pixels. */
export interface BrushSettings {
  readonly radius: number;
  /** Label byte, see `#contract/label-byte`. */
  readonly label: number;
  /** `untouched` leaves pixels alone that already carry a label. */
  readonly mode: 'all' | 'untouched';
}

/** Why a press does nothing. */
export type BlockedReason =
  'loading' | 'mask-hidden' | 'mask-locked' | 'review-locked' | 'read-only' | 'no-prediction';

/** A pointer position, in image pixels and in CSS pixels of the view. */
export interface ToolPoint {
  readonly image: Point;
  readonly view: Point;
}

export interface Modifiers {
  readonly shift: boolean;
  /** Ctrl, or Cmd on a Mac. */
  readonly control: boolean;
  readonly alt: boolean;
}

/** What a tool may do with the view that it works in. */
export interface ToolHost {
  readonly labels: LabelSession | null;
  readonly z: number;
  readonly brush: BrushSettings;
  /** Why painting is not possible right now; null = go ahead. */
  blocked(): BlockedReason | null;
  tellBlocked(reason: BlockedReason): void;
  panBy(dx: number, dy: number): void;
  /** The user chose another brush radius, in image pixels. */
  resizeBrush(radius: number): void;
  /** Shows a closed outline, in image pixels; null takes it away. */
  showOutline(points: readonly Point[] | null): void;
  confirmRegion(region: Region): void;
  pick(at: Point): void;
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
  /** Enter; false when there was nothing to accept. */
  accept(): boolean;
}
