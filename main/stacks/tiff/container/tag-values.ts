import type { SourceFile } from '../../source-file';
import { type TagEntry, type TiffHeader, uint64, viewOf } from './directory';
import { fieldBytes } from './tags';

/** Whether all values of a tag lie inside the file. */
export function fitsFile(entry: TagEntry, file: SourceFile): boolean {
  return entry.at + entry.count * (fieldBytes[entry.type] ?? 0) <= file.size;
}

/**
 * Reads values `first … first + count − 1` of a numeric tag; a rational gives
 * numerator / denominator. The caller bounds `count`; fewer come back where the file ends.
 */
export async function readNumbers(
  file: SourceFile,
  header: TiffHeader,
  entry: TagEntry,
  first = 0,
  count = entry.count,
): Promise<number[]> {
  const size = fieldBytes[entry.type] ?? 1;
  const wanted = Math.max(0, Math.min(count, entry.count - first));
  return numbersOf(await file.read(entry.at + first * size, wanted * size), entry, header);
}

/** The first values of a tag out of `bytes`, which are at `offset` of the file; null where they aren't all in them. */
export function heldNumbers(
  bytes: Uint8Array,
  offset: number,
  header: TiffHeader,
  entry: TagEntry,
  most: number,
): number[] | null {
  const from = entry.at - offset;
  const to = from + Math.min(most, entry.count) * (fieldBytes[entry.type] ?? 1);
  if (from < 0 || to > bytes.byteLength) return null;
  return numbersOf(bytes.subarray(from, to), entry, header);
}

function numbersOf(bytes: Uint8Array, { type }: TagEntry, header: TiffHeader): number[] {
  const size = fieldBytes[type] ?? 1;
  const view = viewOf(bytes);
  const complete = Math.floor(bytes.byteLength / size);
  const values = new Array<number>(complete);
  for (let index = 0; index < complete; index += 1)
    values[index] = numberAt(view, index * size, type, header.littleEndian);
  return values;
}

function numberAt(view: DataView, at: number, type: number, le: boolean): number {
  switch (type) {
    case 3:
      return view.getUint16(at, le);
    case 4:
    case 13:
      return view.getUint32(at, le);
    case 5:
      return view.getUint32(at, le) / view.getUint32(at + 4, le);
    case 6:
      return view.getInt8(at);
    case 8:
      return view.getInt16(at, le);
    case 9:
      return view.getInt32(at, le);
    case 10:
      return view.getInt32(at, le) / view.getInt32(at + 4, le);
    case 11:
      return view.getFloat32(at, le);
    case 12:
      return view.getFloat64(at, le);
    case 16:
    case 18:
      return uint64(view, at, le);
    case 17:
      return Number(view.getBigInt64(at, le));
    default:
      return view.getUint8(at);
  }
}

/** Text up to the first NUL: UTF-8 where it is valid, else Latin-1, as ImageJ writes it. */
export function decodeText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch {
    return new TextDecoder('latin1').decode(text);
  }
}
