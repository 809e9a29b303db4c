/**
 * As much of the protocol-buffer wire format as the graphs of the engines need:
 * variable-length numbers, 32-bit floats and length-delimited fields.
 */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

function variableLength(value: number): number[] {
  const bytes: number[] = [];
  let rest = value < 0 ? BigInt.asUintN(64, BigInt(value)) : BigInt(value);
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
}

export function joinBytes(parts: readonly Bytes[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function integerField(field: number, value: number): Bytes {
  return Uint8Array.from([...variableLength(field * 8), ...variableLength(value)]);
}

export function floatField(field: number, value: number): Bytes {
  const head = variableLength(field * 8 + 5);
  const bytes = new Uint8Array(head.length + 4);
  bytes.set(head);
  new DataView(bytes.buffer).setFloat32(head.length, value, true);
  return bytes;
}

export function bytesField(field: number, value: Bytes): Bytes {
  return joinBytes([
    Uint8Array.from([...variableLength(field * 8 + 2), ...variableLength(value.length)]),
    value,
  ]);
}

export function textField(field: number, value: string): Bytes {
  return bytesField(field, encoder.encode(value));
}
