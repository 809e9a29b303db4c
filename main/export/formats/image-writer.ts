import type { ExportedValue, VoxelSize } from '#contract/entities';
import type { LegendEntry } from '../../labels/label-image';
import type { FileSystem } from '../../storage/file-system';
import type { StackSource } from '../../stacks/stack-source';

/** One slice's values, row by row, width × height. */
export type ImageSlice = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** The stack under labels, slice by slice. */
export type StackPicture = Pick<StackSource, 'info' | 'readRegion'>;

/** What is written, whatever the format. */
export interface ImageSpec {
  /** What it is called inside the file, such as `mask`: letters, digits, dashes. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** The slices of the stack that follow, from 0, ascending. */
  readonly slices: readonly number[];
  readonly type: 'uint8' | 'uint16';
  readonly voxelSize: VoxelSize;
  /** What the values mean; noted in every format. */
  readonly values: readonly ExportedValue[];
  /** Names and colours of label values; null = not labels but an image. */
  readonly legend: readonly LegendEntry[] | null;
  /** Goes with labels where a format keeps them inside an image; null = nowhere needed. */
  readonly picture: StackPicture | null;
  readonly files?: FileSystem;
}

/**
 * A file or folder that is being written: beside its target until it is
 * finished, so what lies at the target is the old or the new, never half of it.
 */
export interface ImageWriter {
  /** Writes the next of `slices`. @throws MembranaError stack.shape-mismatch, stack.page-unreadable, disk.full, file.write-failed; AbortError. Nothing is left then. */
  append(slice: ImageSlice, signal?: AbortSignal): Promise<void>;
  /** Completes it and puts it in place of what was there. @returns its size in bytes */
  finish(): Promise<number>;
  /** Gives up: removes what was written. Harmless after `finish`. */
  abort(): Promise<void>;
}
