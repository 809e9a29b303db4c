import type { TagEntry } from '../container/directory';
import type { SampleFormat } from '../container/sample-format';
import type { StoredColour } from './stored-colour';

/** Everything about a page but its pixels. Blocks are strips or tiles, numbered row by row, plane after plane when planar. */
export interface PageLayout {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  /** Samples that lie side by side in one block: all of them, or 1 when planar. */
  readonly samplesPerBlock: number;
  readonly format: SampleFormat;
  readonly compression: number;
  readonly predictor: number;
  readonly photometric: number;
  /** What the samples stand for, and what becomes of them. */
  readonly colour: StoredColour;
  readonly reverseBits: boolean;
  readonly blockWidth: number;
  readonly blockHeight: number;
  readonly blocksAcross: number;
  readonly blocksDown: number;
  readonly tiled: boolean;
  readonly offsets: TagEntry;
  readonly byteCounts: TagEntry | null;
  readonly jpegTables: Uint8Array<ArrayBuffer> | null;
  readonly warnings: readonly LayoutWarning[];
}

export interface LayoutWarning {
  readonly code: string;
  readonly message: string;
}

export const photometricWhiteIsZero = 0;
export const photometricYCbCr = 6;

export function blockCount(layout: PageLayout): number {
  return layout.blocksAcross * layout.blocksDown * (layout.samples / layout.samplesPerBlock);
}

/** Bytes of one decoded row of a block in the file's own packing: rows begin on whole bytes. */
export function packedRowBytes(layout: PageLayout): number {
  return Math.ceil((layout.blockWidth * layout.samplesPerBlock * layout.format.bits) / 8);
}

/** Rows that a block holds: the last strip may be shorter, tiles are always whole. */
export function blockRows(layout: PageLayout, down: number): number {
  return layout.tiled
    ? layout.blockHeight
    : Math.min(layout.blockHeight, layout.height - down * layout.blockHeight);
}

/** Whether stored values must be turned around so that larger means brighter. */
export function isInverted(layout: PageLayout): boolean {
  return layout.photometric === photometricWhiteIsZero && layout.format.type.startsWith('uint');
}
