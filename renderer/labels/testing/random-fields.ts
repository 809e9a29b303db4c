import fc from 'fast-check';
import type { Rect } from '#contract/tiles';
import type { ByteField } from '../byte-field';
import type { Point } from '../rasterize';

/** A field drawn in rows of characters: '.' is 0, '#' is 1, digits are themselves. */
export function drawn(rows: readonly string[], x = 0, y = 0): ByteField {
  const width = rows[0]?.length ?? 0;
  const marks = Array.from(rows.join(''));
  const data = Uint8Array.from(marks, (mark) => (mark === '.' ? 0 : mark === '#' ? 1 : +mark));
  return { rect: { x, y, width, height: rows.length }, data };
}

/** Rows of characters again, for messages that can be looked at. */
export function picture(mask: Uint8Array, width: number): string[] {
  const rows: string[] = [];
  for (let from = 0; from < mask.length; from += width)
    rows.push(Array.from(mask.subarray(from, from + width), (byte) => '.#'.charAt(byte)).join(''));
  return rows;
}

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Drawn as a ring, two pixels thick. */
  readonly ring: boolean;
  readonly byte: number;
}

function paintMarks(rect: Rect, ground: number, marks: readonly Mark[]): ByteField {
  const data = new Uint8Array(rect.width * rect.height).fill(ground);
  for (const { x, y, radius, ring, byte } of marks)
    for (let row = 0; row < rect.height; row += 1)
      for (let column = 0; column < rect.width; column += 1) {
        const away = Math.hypot(column - x * rect.width, row - y * rect.height);
        if (away <= radius && !(ring && away < radius - 2)) data[row * rect.width + column] = byte;
      }
  return { rect, data };
}

/** A number in steps of a thousandth; fc.double would mostly give numbers next to 0. */
export function anyNumber(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min: min * 1000, max: max * 1000 }).map((thousandths) => thousandths / 1000);
}

/** A window somewhere in a slice; often large enough to hold something. */
export function anyRect(most = 26): fc.Arbitrary<Rect> {
  const edge = fc.oneof(
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 }) },
    { weight: 6, arbitrary: fc.integer({ min: Math.ceil(most / 2), max: most }) },
  );
  return fc.record({ x: fc.nat(700), y: fc.nat(700), width: edge, height: edge });
}

/** Blobs, rings and single pixels of some bytes on a ground: what a mask or a slice looks like. */
export function anyField(bytes: readonly number[], rects = anyRect()): fc.Arbitrary<ByteField> {
  const byte = fc.constantFrom(...bytes);
  const radius = fc.oneof(fc.constant(0.8), anyNumber(1, 9));
  const place = anyNumber(-0.1, 1.1);
  const mark = fc.record({ x: place, y: place, radius, ring: fc.boolean(), byte });
  return fc
    .tuple(rects, byte, fc.array(mark, { minLength: 3, maxLength: 24 }))
    .map(([rect, ground, marks]) => paintMarks(rect, ground, marks));
}

/** Two fields of the same rectangle. */
export function anyPair(bytes: readonly number[]): fc.Arbitrary<[ByteField, ByteField]> {
  return anyRect().chain((rect) =>
    fc.tuple(anyField(bytes, fc.constant(rect)), anyField(bytes, fc.constant(rect))),
  );
}

/** A field and a point in it, by shares of its width and height. */
export function withPoint(fields: fc.Arbitrary<ByteField>): fc.Arbitrary<[ByteField, Point]> {
  const inside = anyNumber(0, 0.999);
  return fc.tuple(fields, inside, inside).map(([field, x, y]) => {
    const { rect } = field;
    return [field, { x: rect.x + x * rect.width, y: rect.y + y * rect.height }];
  });
}
