import { deflateSync } from 'node:zlib';

/** Packs values of `bits` bits, most significant bit first, each row from a whole byte on. */
export function packBits(values: readonly number[], bits: number, rowLength: number): Uint8Array {
  const rows: number[] = [];
  for (let row = 0; row < values.length; row += rowLength) {
    let text = values
      .slice(row, row + rowLength)
      .map((value) => value.toString(2).padStart(bits, '0'))
      .join('');
    text = text.padEnd(Math.ceil(text.length / 8) * 8, '0');
    for (let at = 0; at < text.length; at += 8) rows.push(parseInt(text.slice(at, at + 8), 2));
  }
  return Uint8Array.from(rows);
}

/** LZW as TIFF has it, by a dictionary of strings: slow and plain, to check the decoder against. */
export function encodeLzw(bytes: Uint8Array): Uint8Array {
  const bits: string[] = [];
  let codes = new Map<string, number>();
  let width = 9;
  const reset = (): void => {
    codes = new Map(Array.from({ length: 256 }, (_, code) => [String.fromCharCode(code), code]));
    width = 9;
  };
  const emit = (code: number): void => void bits.push(code.toString(2).padStart(width, '0'));
  let next = 258;
  reset();
  emit(256);
  let held = '';
  for (const byte of bytes) {
    const longer = held + String.fromCharCode(byte);
    if (codes.has(longer)) {
      held = longer;
      continue;
    }
    emit(codes.get(held) ?? 0);
    codes.set(longer, next);
    next += 1;
    if (next === 4095) {
      emit(256);
      reset();
      next = 258;
    } else if (next + 1 > 2 ** width) width += 1;
    held = String.fromCharCode(byte);
  }
  if (held !== '') {
    emit(codes.get(held) ?? 0);
    next += 1;
    if (next + 1 > 2 ** width && width < 12) width += 1;
  }
  emit(257);
  const text = bits.join('').padEnd(Math.ceil(bits.join('').length / 8) * 8, '0');
  return Uint8Array.from({ length: text.length / 8 }, (_, at) =>
    parseInt(text.slice(at * 8, at * 8 + 8), 2),
  );
}

/** PackBits with runs where two or more bytes are equal. */
export function encodePackBits(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < bytes.length;) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at]) run += 1;
    if (run > 1) out.push(257 - run, bytes[at] ?? 0);
    else {
      while (run < 128 && at + run < bytes.length && bytes[at + run] !== bytes[at + run - 1])
        run += 1;
      out.push(run - 1, ...bytes.subarray(at, at + run));
    }
    at += run;
  }
  return Uint8Array.from(out);
}

export function encodeDeflate(bytes: Uint8Array): Uint8Array {
  return deflateSync(bytes);
}
