import type { Rect } from '#contract/tiles';
import type { ByteField } from '#labels/byte-field';
import type { Point } from '#labels/rasterize';

/**
 * `shown`: the class that the mask shows (the label's, else the thresholded
 * prediction's, else 0). `probability`: of membrane, 0…255. `raw`: the image
 * through the window, black 0 … white 255.
 */
export type FieldKind = 'shown' | 'probability' | 'raw';

export type FieldAnswer =
  | { readonly kind: 'ready'; readonly field: ByteField }
  /** Being read; `refresh` is called on the tool when it is there. */
  | { readonly kind: 'loading' }
  /** The slice has no prediction. */
  | { readonly kind: 'absent' };

/** Pixels of the slices around the view, for tools that look at them. */
export interface FieldSource {
  /** Where tools look around a point of the slice: all of it, or of a large one a square that holds the point. */
  windowAt(at: Point): Rect;
  /** Same answers are the same object until something in them changes. */
  read(kind: FieldKind, z: number, rect: Rect): FieldAnswer;
}
