import type { ElementType, SampleMeaning, StackWarning, VoxelSize } from '#contract/entities';
import { corruptRaw, unsupportedRaw } from '../raw/raw-info';
import type { RawLayout } from '../raw/raw-layout';
import { edgeLength } from '../tiff/meta/length-unit';

/** Bytes before the extended header. */
export const MRC_HEADER_BYTES = 1024;
const ANGSTROM = 0.1;
/** "IMOD" as a number: what that program stamps its files with. */
const IMOD_STAMP = 1_146_047_817;
/** Sides of pictures and numbers of sections that a header without a stamp may have to be believed. */
const PLAUSIBLE = 2 ** 20;

interface Mode {
  readonly type: ElementType;
  readonly samples: 1 | 3;
}
const modes: Readonly<Record<number, Mode>> = {
  0: { type: 'int8', samples: 1 },
  1: { type: 'int16', samples: 1 },
  2: { type: 'float32', samples: 1 },
  6: { type: 'uint16', samples: 1 },
  12: { type: 'float16', samples: 1 },
  16: { type: 'uint8', samples: 3 },
};
const refused: Readonly<Record<number, string>> = {
  3: 'complex numbers of 16 bits (mode 3), a Fourier transform',
  4: 'complex numbers of 32 bits (mode 4), a Fourier transform',
  101: 'values of 4 bits (mode 101)',
};
/** Axes by their numbers in the header. */
const axisNames = ['x', 'y', 'z'] as const;

/** What the header of an MRC file says. */
export interface MrcHeader {
  readonly layout: RawLayout;
  readonly voxelSize: VoxelSize;
  readonly meaning: SampleMeaning;
  readonly warnings: readonly StackWarning[];
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function hasStamp(head: Uint8Array): boolean {
  return String.fromCharCode(...head.subarray(208, 211)) === 'MAP';
}

/** Whether the numbers of a header make sense in a byte order. */
function makesSense(view: DataView, little: boolean): boolean {
  const int = (at: number): number => view.getInt32(at, little);
  const sizes = [int(0), int(4), int(8)].every((size) => size > 0 && size <= PLAUSIBLE);
  const mode = int(12);
  return sizes && (mode in modes || mode in refused) && int(92) >= 0;
}

/** Whether a file begins as an MRC does: with its stamp, or, before 2000, with numbers that make sense. */
export function beginsLikeMrc(head: Uint8Array, name: string): boolean {
  if (head.byteLength < MRC_HEADER_BYTES) return false;
  if (hasStamp(head)) return true;
  const view = viewOf(head);
  return hasMrcName(name) && (makesSense(view, true) || makesSense(view, false));
}

export function hasMrcName(name: string): boolean {
  return /\.(mrc|mrcs|rec|st|ali|map|preali)$/i.test(name);
}

/** The stamp of the machine, where it is one; else the order in which the numbers make sense. */
function isLittle(name: string, head: Uint8Array, view: DataView): boolean {
  const [little, big] = [makesSense(view, true), makesSense(view, false)];
  if (little !== big) return little;
  if (head[212] === 0x44 && (head[213] === 0x44 || head[213] === 0x41)) return true;
  if (head[212] === 0x11 && head[213] === 0x11) return false;
  throw corruptRaw(name, 'the numbers of its header make no sense in either byte order');
}

/**
 * Reads the first 1,024 bytes of an MRC file.
 * @throws MembranaError stack.corrupt, stack.unsupported
 */
export function parseMrcHeader(name: string, head: Uint8Array): MrcHeader {
  if (head.byteLength < MRC_HEADER_BYTES)
    throw corruptRaw(name, `its header is cut after ${head.byteLength} of 1024 bytes`);
  if (!hasStamp(head) && !beginsLikeMrc(head, name))
    throw corruptRaw(name, 'it is called an MRC file, but does not begin like one');
  const view = viewOf(head);
  const little = isLittle(name, head, view);
  const int = (at: number): number => view.getInt32(at, little);
  const mode = int(12);
  const known = modes[mode];
  if (known === undefined)
    throw unsupportedRaw(
      name,
      refused[mode] ?? `values of an unknown kind (mode ${mode})`,
      'Save it as bytes, integers or floats, with “newstack -mode” of IMOD for instance.',
    );
  const warnings: StackWarning[] = [];
  const type = mode === 0 ? byteType(view, little, warnings) : known.type;
  const extended = int(92);
  if (extended < 0) throw corruptRaw(name, `its extended header has ${extended} bytes`);
  const layout: RawLayout = {
    width: int(0),
    height: int(4),
    depth: int(8),
    type,
    samples: known.samples,
    bigEndian: !little,
    start: MRC_HEADER_BYTES + extended,
  };
  const voxelSize = voxelSizeOf(name, view, little, layout, warnings);
  const meaning: SampleMeaning =
    known.samples === 3
      ? { kind: 'colour', stored: 'rgb', alpha: null }
      : { kind: 'grey', stored: 'grey', alpha: null };
  return { layout, voxelSize, meaning, warnings };
}

/**
 * Bytes are signed since MRC2014. IMOD says by a flag whether its are; other
 * files betray themselves by a largest value that no signed byte can have.
 */
function byteType(view: DataView, little: boolean, warnings: StackWarning[]): 'int8' | 'uint8' {
  if (view.getInt32(152, little) === IMOD_STAMP)
    return (view.getInt32(156, little) & 1) === 1 ? 'int8' : 'uint8';
  const [least, most] = [view.getFloat32(76, little), view.getFloat32(80, little)];
  if (!(least >= 0 && most > 127 && most <= 255)) return 'int8';
  warnings.push({
    code: 'mrc-unsigned',
    message: `The file says that its values go up to ${most}; its bytes are read as 0 to 255, not as −128 to 127.`,
  });
  return 'uint8';
}

function voxelSizeOf(
  name: string,
  view: DataView,
  little: boolean,
  { depth }: RawLayout,
  warnings: StackWarning[],
): VoxelSize {
  const int = (at: number): number => view.getInt32(at, little);
  const order = [int(64), int(68), int(72)];
  const plain = order.every((axis) => axis === 0) ? [1, 2, 3] : order;
  if ([...plain].sort().join() !== '1,2,3')
    throw corruptRaw(name, `its axes are numbered ${order.join(', ')}`);
  if (plain.join() !== '1,2,3')
    warnings.push({
      code: 'mrc-axes',
      message: `Columns, rows and slices of the file run along ${plain.map((axis) => axisNames[axis - 1] ?? '').join(', ')}; they are shown as they are stored.`,
    });
  const lengths = axisNames.map((_, axis) => {
    const [cell, intervals] = [view.getFloat32(40 + axis * 4, little), int(28 + axis * 4)];
    return intervals > 0 ? cell / intervals : NaN;
  });
  const [columns = 1, rows = 2, sections = 3] = plain;
  // A stack of single pictures has one interval along z, whatever it is called.
  const pictures = int(28 + (sections - 1) * 4) === 1 && depth > 1;
  const [x, y, z] = [columns, rows, sections].map((axis) => lengths[axis - 1] ?? NaN);
  if (x === 1 && y === 1) {
    warnings.push({
      code: 'voxel-size-default',
      message:
        'The file says 1 Å a pixel, as programs write that know no size; the size is left open.',
    });
    return { x: null, y: null, z: null, source: 'unknown' };
  }
  const nm = (length = NaN): number | null => edgeLength(length * ANGSTROM);
  const found = { x: nm(x), y: nm(y), z: pictures ? null : nm(z) };
  const some = found.x !== null || found.y !== null || found.z !== null;
  return { ...found, source: some ? 'file' : 'unknown' };
}
