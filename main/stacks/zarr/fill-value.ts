import type { ElementType } from '#contract/entities';
import { bytesPerSample } from '#volume/pixel-array';
import { narrowToHalf, widenHalf } from '../tiff/pixels/unpack-samples';

/** What the values of an array are. */
export interface StoredType {
  readonly type: ElementType;
  /** As which type the values are stored: float16 travels as uint16, truth values as uint8. */
  readonly stored: ElementType;
  readonly bool: boolean;
}

const words = ['NaN', 'Infinity', '-Infinity'];

/**
 * What stands for a chunk that a shard leaves out, as the values are stored;
 * null where the metadata have no value of the array's type.
 */
export function fillValue(value: unknown, kind: StoredType): number | string | null {
  const { type, bool } = kind;
  if (bool) return typeof value === 'boolean' ? Number(value) : null;
  if (type.startsWith('float')) return floatFill(value, kind);
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return null;
  const bits = 8 * bytesPerSample(type);
  const [least, end] = type.startsWith('u')
    ? [0, 2 ** bits]
    : [-(2 ** (bits - 1)), 2 ** (bits - 1)];
  return value >= least && value < end ? value : null;
}

function floatFill(value: unknown, { type, stored }: StoredType): number | string | null {
  const told = typeof value === 'string' ? (fromBits(value, stored, type) ?? value) : value;
  const isNumber = typeof told === 'number';
  if (!isNumber && !words.includes(String(told))) return null;
  if (type === 'float16') return narrowToHalf(Float32Array.of(Number(told)))[0] ?? null;
  // JSON has no word for what is no number.
  return Number.isFinite(told) ? Number(told) : String(told);
}

/** A number that is written as the bits it is stored in: 0x, then all of them, the highest first. */
function fromBits(text: string, stored: ElementType, type: ElementType): number | null {
  const bytes = bytesPerSample(stored);
  if (!new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`).test(text)) return null;
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(text));
  switch (bytes) {
    case 8:
      return view.getFloat64(0);
    case 4:
      return view.getFloat32(4);
    default:
      return type === 'float16'
        ? (widenHalf(Uint8Array.of(view.getUint8(7), view.getUint8(6)))[0] ?? null)
        : null;
  }
}
