import type { ElementType } from '#contract/entities';
import type { BlockCodec } from '../tiff/pixels/block-codec';

/** Rows that follow each other in the file and in the rectangle. */
export interface StoredRows {
  readonly at: number;
  /** First row, of the rectangle. */
  readonly row: number;
  readonly rows: number;
}

/** A compressed block: where its bytes are, and where its pixels lie, counted from the rectangle's corner. */
export interface StoredBlock {
  readonly at: number;
  readonly length: number;
  readonly x: number;
  readonly y: number;
  readonly rows: number;
}

export type StoredLayout =
  /** Pixels as they are: rows of `stride` bytes, of which the rectangle begins `left` bytes in. */
  | {
      readonly kind: 'rows';
      readonly stride: number;
      readonly left: number;
      readonly bigEndian: boolean;
      readonly runs: readonly StoredRows[];
    }
  | {
      readonly kind: 'blocks';
      readonly codec: BlockCodec;
      /** Columns of a block. */
      readonly blockWidth: number;
      readonly blocks: readonly StoredBlock[];
    };

/**
 * Where the pixels of a rectangle of a slice lie in a file that is open: all a
 * worker needs to read them, one value a pixel. Nothing is known to be wrong with them.
 */
export interface StoredPixels {
  /** The open file; its number is the same in every thread of the process. */
  readonly file: number;
  readonly type: ElementType;
  readonly width: number;
  readonly height: number;
  readonly layout: StoredLayout;
}
