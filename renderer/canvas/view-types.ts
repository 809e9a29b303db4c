import type { LayerLooks, MaskThresholds } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import type { LayerAddress } from '#contract/pixel-url';
import type { PlaneAxis } from '#contract/planes';
import type { Point } from '#labels/rasterize';

/** A layer of ids that is drawn. */
export interface IdLayer extends LayerAddress {
  readonly name: string;
}

/** What a layer of ids has at a pixel; 0 = no cell. */
export interface CellAt {
  readonly layer: string;
  readonly id: number;
}

export type { BlockedReason } from '../tools/tool';

/** The rows of the layer panel. */
export type Layers = Readonly<LayerLooks>;

/** Okabe–Ito colours: told apart by colour-blind eyes. */
export const defaultLayers: Layers = {
  raw: { visible: true },
  cells: { visible: true, opacity: 0.5, colour: '#56b4e9', locked: false },
  prediction: { visible: false, opacity: 0.5, colour: '#56b4e9', locked: false },
  mask: { visible: true, opacity: 0.6, colour: '#e69f00', locked: false },
  review: { visible: false, opacity: 0.4, colour: '#009e73', locked: false },
  uncertainty: { visible: false, opacity: 0.85, colour: '#cc79a7', locked: false },
  truth: { visible: false, opacity: 0.6, colour: '#56b4e9', locked: false },
};

/** Where the view stands. `zoom` = CSS pixels per image pixel; `centre` = image point at the view's centre. */
export interface ViewPosition {
  readonly z: number;
  readonly zoom: number;
  readonly centre: { readonly x: number; readonly y: number };
  /** The whole slice is fitted and stays so when the window changes size. */
  readonly fitted: boolean;
}

/** The pixel under the pointer; parts that are not loaded (yet) are null. */
export interface PointerInfo {
  readonly x: number;
  readonly y: number;
  readonly raw: number | null;
  /** Membrane probability 0…1. */
  readonly probability: number | null;
  /** Label byte. */
  readonly label: number | null;
  /** One for each layer of ids in view, the one on top first. */
  readonly cells: readonly CellAt[] | null;
  /** The slice, where it is not the one in view. */
  readonly z?: number;
}

/** Times are `performance.now()` milliseconds. */
export interface DrawTiming {
  readonly kind: 'stroke' | 'view';
  readonly z: number;
  /** When the handler of the oldest pointer event in this frame ran; null when no pointer made it. */
  readonly dispatched: number | null;
  /** That event's own time stamp. */
  readonly stamped: number | null;
  readonly started: number;
  readonly done: number;
  /** Device pixels redrawn. */
  readonly pixels: number;
  /** All tiles in sight were there. */
  readonly complete: boolean;
}

/** A class of the user's own as a version's map shows it. */
export interface FoundClass {
  /** In the labels. */
  readonly id: number;
  /** By which its map is asked for. */
  readonly name: string;
  /** A pixel is of it where the byte of its map is at least this, 1…255. */
  readonly from: number;
}

/** The mask to compare with: the same slice under an earlier model. */
export interface EarlierMask {
  readonly model: ModelId;
  readonly mask: MaskThresholds;
  readonly found: readonly FoundClass[];
}

/** A step that waits for Enter: which slices (from 0) it fills between, or which it copies. */
export type ProposalInfo =
  | { readonly kind: 'interpolate'; readonly first: number; readonly last: number }
  | { readonly kind: 'copy'; readonly from: number; readonly to: number };

/** A view of planes at right angles to the slices. */
export interface TurnedView {
  readonly axis: PlaneAxis;
  /** Length and height of a pixel of the plane, in pixels of a slice. */
  readonly stretch: Point;
}
