import type { VoxelSize } from '#contract/entities';
import { tags } from './tags';

/** Room for the header of either flavour; which one it is shows when the size is known. */
export const HEADER_BYTES = 16;

export type WritableType = 'uint8' | 'uint16' | 'uint32' | 'float32';

/** Where one page's strips were written. */
export interface PageRecord {
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
}

export interface DirectoryOptions {
  readonly width: number;
  readonly height: number;
  readonly type: WritableType;
  readonly rowsPerStrip: number;
  readonly compression: 'none' | 'deflate';
  readonly voxelSize?: VoxelSize;
  readonly range?: { readonly min: number; readonly max: number };
  /** Further lines of the description, `key=value` in ASCII. */
  readonly notes?: readonly string[];
  readonly alwaysBig?: boolean;
}

interface Field {
  readonly tag: number;
  readonly type: 2 | 3 | 4 | 5 | 16;
  readonly values: readonly number[] | string;
}

const CLASSIC_MOST = 2 ** 32 - 1;
const bits = { uint8: 8, uint16: 16, uint32: 32, float32: 32 } as const;

/**
 * The header and all directories of a stack whose pixels end at `at`: classic
 * TIFF where all of it fits below 4 GB, else BigTIFF.
 */
export function encodeDirectories(
  pages: readonly PageRecord[],
  at: number,
  options: DirectoryOptions,
): { header: Uint8Array; directories: Uint8Array } {
  const classicSize = pages.reduce(
    (size, page, index) =>
      size + directorySize(fieldsOf(page, index, pages.length, options), false),
    0,
  );
  const big = options.alwaysBig === true || at + classicSize > CLASSIC_MOST;
  const parts: Uint8Array[] = [];
  let offset = at;
  pages.forEach((page, index) => {
    const fields = fieldsOf(page, index, pages.length, options);
    const size = directorySize(fields, big);
    const next = index + 1 < pages.length ? offset + size : 0;
    parts.push(encodeDirectory(fields, offset, next, big));
    offset += size;
  });
  return { header: encodeHeader(at, big), directories: Buffer.concat(parts) };
}

/** Header, filled up with zeros so that pixels begin at HEADER_BYTES either way. */
function encodeHeader(first: number, big: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES));
  view.setUint16(0, 0x4949, true);
  view.setUint16(2, big ? 43 : 42, true);
  if (big) {
    view.setUint16(4, 8, true);
    view.setBigUint64(8, BigInt(first), true);
  } else view.setUint32(4, first, true);
  return new Uint8Array(view.buffer);
}

/** Fields in the order of their tags. */
function fieldsOf(
  page: PageRecord,
  index: number,
  depth: number,
  options: DirectoryOptions,
): Field[] {
  const { width, height, type, rowsPerStrip, compression, voxelSize } = options;
  const fields: Field[] = [
    { tag: tags.ImageWidth, type: 4, values: [width] },
    { tag: tags.ImageLength, type: 4, values: [height] },
    { tag: tags.BitsPerSample, type: 3, values: [bits[type]] },
    { tag: tags.Compression, type: 3, values: [compression === 'none' ? 1 : 8] },
    { tag: tags.PhotometricInterpretation, type: 3, values: [1] },
    ...(index === 0
      ? [{ tag: tags.ImageDescription, type: 2, values: imageJText(depth, options) } as const]
      : []),
    { tag: tags.StripOffsets, type: 16, values: page.offsets },
    { tag: tags.SamplesPerPixel, type: 3, values: [1] },
    { tag: tags.RowsPerStrip, type: 4, values: [rowsPerStrip] },
    { tag: tags.StripByteCounts, type: 16, values: page.byteCounts },
    { tag: tags.XResolution, type: 5, values: perUnit(voxelSize?.x ?? null) },
    { tag: tags.YResolution, type: 5, values: perUnit(voxelSize?.y ?? null) },
    { tag: tags.ResolutionUnit, type: 3, values: [1] },
    { tag: tags.Software, type: 2, values: 'Membrana' },
    { tag: tags.SampleFormat, type: 3, values: [type === 'float32' ? 3 : 1] },
  ];
  return fields;
}

/** ImageJ's description of a stack of slices, lengths in nm. */
function imageJText(depth: number, { voxelSize, range, notes }: DirectoryOptions): string {
  const known = voxelSize !== undefined && voxelSize.x !== null;
  const z = voxelSize?.z ?? null;
  return [
    'ImageJ=1.54f',
    ...(depth > 1 ? [`images=${depth}`, `slices=${depth}`] : []),
    ...(known || z !== null ? ['unit=nm'] : []),
    ...(z === null ? [] : [`spacing=${z}`]),
    'loop=false',
    ...(range === undefined ? [] : [`min=${range.min}`, `max=${range.max}`]),
    ...(notes ?? []),
    '',
  ].join('\n');
}

/** Pixels per nm as a fraction that gives the length back to 8 digits; 1/1 where unknown. */
function perUnit(length: number | null): readonly number[] {
  if (length === null) return [1, 1];
  const scale = 10 ** Math.floor(Math.log10(CLASSIC_MOST / Math.max(length, 1)));
  return [scale, Math.max(1, Math.round(length * scale))];
}

/** Values of an offset or count take 4 bytes in classic TIFF and 8 in BigTIFF. */
function valueType(field: Field, big: boolean): 2 | 3 | 4 | 5 | 16 {
  return field.type === 16 && !big ? 4 : field.type;
}

function valueCount({ type, values }: Field): number {
  if (typeof values === 'string') return values.length + 1;
  return type === 5 ? values.length / 2 : values.length;
}

const typeBytes = { 2: 1, 3: 2, 4: 4, 5: 8, 16: 8 } as const;

function valueBytes(field: Field, big: boolean): number {
  return valueCount(field) * typeBytes[valueType(field, big)];
}

/** Bytes of a directory with the values that don't fit its entries, each on an 8-byte boundary. */
function directorySize(fields: readonly Field[], big: boolean): number {
  const inline = big ? 8 : 4;
  const fixed = (big ? 16 : 6) + fields.length * (big ? 20 : 12);
  return fields.reduce((size, field) => {
    const bytes = valueBytes(field, big);
    return bytes > inline ? size + padded(bytes) : size;
  }, padded(fixed));
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

function encodeDirectory(
  fields: readonly Field[],
  offset: number,
  next: number,
  big: boolean,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(directorySize(fields, big)));
  const head = big ? 8 : 2;
  const entry = big ? 20 : 12;
  const inline = big ? 8 : 4;
  if (big) view.setBigUint64(0, BigInt(fields.length), true);
  else view.setUint16(0, fields.length, true);
  const end = head + fields.length * entry;
  let values = padded(end + inline);
  fields.forEach((field, index) => {
    const at = head + index * entry;
    const type = valueType(field, big);
    const bytes = valueBytes(field, big);
    view.setUint16(at, field.tag, true);
    view.setUint16(at + 2, type, true);
    if (big) view.setBigUint64(at + 4, BigInt(valueCount(field)), true);
    else view.setUint32(at + 4, valueCount(field), true);
    const valueAt = at + entry - inline;
    if (bytes <= inline) {
      putValues(view, valueAt, type, field.values);
      return;
    }
    if (big) view.setBigUint64(valueAt, BigInt(offset + values), true);
    else view.setUint32(valueAt, offset + values, true);
    putValues(view, values, type, field.values);
    values += padded(bytes);
  });
  if (big) view.setBigUint64(end, BigInt(next), true);
  else view.setUint32(end, next, true);
  return new Uint8Array(view.buffer);
}

function putValues(
  view: DataView,
  start: number,
  type: 2 | 3 | 4 | 5 | 16,
  values: readonly number[] | string,
): void {
  if (typeof values === 'string') {
    for (let at = 0; at < values.length; at += 1) view.setUint8(start + at, values.charCodeAt(at));
    return;
  }
  values.forEach((value, index) => {
    if (type === 3) view.setUint16(start + index * 2, value, true);
    else if (type === 16) view.setBigUint64(start + index * 8, BigInt(value), true);
    else view.setUint32(start + index * 4, value, true);
  });
}
