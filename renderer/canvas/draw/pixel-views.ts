import { MembranaError } from '#contract/errors';

/** Values of a raw tile, TILE_SIZE² of them, as the stack holds them (64-bit and half floats arrive as float32). */
export type RawPixels =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** `count` values of the type that an answer tells, from byte `offset` of it on; not copied. @throws MembranaError file.unreadable where that is more than there is */
export function pixelsOf(
  element: string,
  bytes: ArrayBuffer,
  offset: number,
  count: number,
): RawPixels {
  const make = views[element];
  if (make === undefined) throw unreadable(`its values are ${element}`);
  const { BYTES_PER_ELEMENT: size } = make;
  if (offset + count * size > bytes.byteLength || offset % size !== 0)
    throw unreadable(`it has ${String(bytes.byteLength)} bytes`);
  return new make(bytes, offset, count);
}

const views: Readonly<
  Record<
    string,
    | Uint8ArrayConstructor
    | Int8ArrayConstructor
    | Uint16ArrayConstructor
    | Int16ArrayConstructor
    | Uint32ArrayConstructor
    | Int32ArrayConstructor
    | Float32ArrayConstructor
    | Float64ArrayConstructor
  >
> = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
};

function unreadable(reason: string): MembranaError {
  return new MembranaError('file.unreadable', `A tile of the slice could not be read: ${reason}.`, {
    hint: 'Go to another slice and back; if it stays, open the stack again.',
    data: { reason },
  });
}
