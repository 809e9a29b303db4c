import type { ElementType, SampleMeaning, StackWarning, VoxelSize } from '#contract/entities';

/** What a file of one slice says of its picture before its pixels are read. */
export interface SliceHead {
  readonly width: number;
  readonly height: number;
  /** Slices in the file; more than one for a TIFF that is a stack itself. */
  readonly depth: number;
  readonly type: ElementType;
  readonly samples: number;
  readonly meaning: SampleMeaning;
  readonly voxelSize: VoxelSize;
  readonly compression: string;
  readonly byteOrder: 'little' | 'big';
  readonly warnings: readonly StackWarning[];
}

/** What slices must have in common to lie in one stack. */
export type SliceFacts = Pick<SliceHead, 'width' | 'height' | 'type' | 'samples' | 'meaning'>;

/** How a folder's slices are stored; a series has one kind. */
export type SliceKind = 'tiff' | 'png' | 'jpeg';

export const unknownVoxels: VoxelSize = { x: null, y: null, z: null, source: 'unknown' };

export function kindOfSlice(name: string): SliceKind {
  if (/\.png$/i.test(name)) return 'png';
  return /\.jpe?g$/i.test(name) ? 'jpeg' : 'tiff';
}

/** Width, height and type for a person. */
export function headText({ width, height, type, samples }: SliceFacts): string {
  return `${width} × ${height}, ${type}${samples > 1 ? `, ${samples} samples` : ''}`;
}

/** Whether two slices can lie in one stack. */
export function sameKind(a: SliceFacts, b: SliceFacts): boolean {
  return (
    a.width === b.width &&
    a.height === b.height &&
    a.type === b.type &&
    a.samples === b.samples &&
    a.meaning.kind === b.meaning.kind &&
    (a.meaning.alpha === null) === (b.meaning.alpha === null)
  );
}
