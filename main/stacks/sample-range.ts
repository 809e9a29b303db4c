import type { ElementType } from '#contract/entities';

/** Smallest and largest value of a type; floats count as shares from 0 to 1. */
export function rangeOf(type: ElementType): { readonly least: number; readonly most: number } {
  switch (type) {
    case 'uint8':
      return { least: 0, most: 2 ** 8 - 1 };
    case 'int8':
      return { least: -(2 ** 7), most: 2 ** 7 - 1 };
    case 'uint16':
      return { least: 0, most: 2 ** 16 - 1 };
    case 'int16':
      return { least: -(2 ** 15), most: 2 ** 15 - 1 };
    case 'uint32':
      return { least: 0, most: 2 ** 32 - 1 };
    case 'int32':
      return { least: -(2 ** 31), most: 2 ** 31 - 1 };
    case 'uint64':
      return { least: 0, most: 2 ** 64 };
    case 'int64':
      return { least: -(2 ** 63), most: 2 ** 63 };
    case 'float16':
    case 'float32':
    case 'float64':
      return { least: 0, most: 1 };
  }
}
