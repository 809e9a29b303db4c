import type { ElementType } from '#contract/entities';

/** Pixels in the source's own type; float16 is widened to float32, which holds it exactly. */
export type PixelArray =
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** Bytes that one sample of `type` takes in a PixelArray. */
export function bytesPerSample(type: ElementType): 1 | 2 | 4 | 8 {
  switch (type) {
    case 'uint8':
    case 'int8':
      return 1;
    case 'uint16':
    case 'int16':
      return 2;
    case 'uint32':
    case 'int32':
    case 'float16':
    case 'float32':
      return 4;
    case 'uint64':
    case 'int64':
    case 'float64':
      return 8;
  }
}

/** A view on `buffer` as pixels of `type`. */
export function pixelsOn(
  type: ElementType,
  buffer: ArrayBuffer,
  byteOffset = 0,
  length = (buffer.byteLength - byteOffset) / bytesPerSample(type),
): PixelArray {
  switch (type) {
    case 'uint8':
      return new Uint8Array(buffer, byteOffset, length);
    case 'int8':
      return new Int8Array(buffer, byteOffset, length);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, length);
    case 'int16':
      return new Int16Array(buffer, byteOffset, length);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, length);
    case 'int32':
      return new Int32Array(buffer, byteOffset, length);
    case 'uint64':
      return new BigUint64Array(buffer, byteOffset, length);
    case 'int64':
      return new BigInt64Array(buffer, byteOffset, length);
    case 'float16':
    case 'float32':
      return new Float32Array(buffer, byteOffset, length);
    case 'float64':
      return new Float64Array(buffer, byteOffset, length);
  }
}

export function newPixels(type: ElementType, length: number): PixelArray {
  return pixelsOn(type, new ArrayBuffer(length * bytesPerSample(type)));
}

/** The bytes under a pixel array, not copied. */
export function bytesOf(pixels: PixelArray): Uint8Array<ArrayBuffer> {
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}

/** Copies `rows` rows of `rowBytes` bytes between two rasters; strides and starts count bytes. */
export function copyRows(
  from: Uint8Array,
  fromStride: number,
  fromStart: number,
  to: Uint8Array,
  toStride: number,
  toStart: number,
  rowBytes: number,
  rows: number,
): void {
  if (rowBytes === fromStride && rowBytes === toStride) {
    to.set(from.subarray(fromStart, fromStart + rowBytes * rows), toStart);
    return;
  }
  for (let row = 0; row < rows; row += 1) {
    const start = fromStart + row * fromStride;
    to.set(from.subarray(start, start + rowBytes), toStart + row * toStride);
  }
}

/** Copies `count` values, every `stride`th from `start` on, to every `step`th place from `first` on; both arrays have one type. */
export function interleave(
  from: PixelArray,
  start: number,
  to: PixelArray,
  first: number,
  step: number,
  count: number,
  stride = 1,
): void {
  if (from instanceof BigUint64Array || from instanceof BigInt64Array) {
    if (!(to instanceof BigUint64Array || to instanceof BigInt64Array)) return;
    for (let at = 0; at < count; at += 1) to[first + at * step] = from[start + at * stride] ?? 0n;
    return;
  }
  if (to instanceof BigUint64Array || to instanceof BigInt64Array) return;
  for (let at = 0; at < count; at += 1) to[first + at * step] = from[start + at * stride] ?? 0;
}
