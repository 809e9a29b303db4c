import { crc32, deflateSync } from 'node:zlib';
import { imageTags, tiffBytes } from '../../tiff/testing/tiff-bytes';

function part(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const bytes = Buffer.alloc(named.length + 8);
  bytes.writeUInt32BE(data.length);
  named.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(named), named.length + 4);
  return bytes;
}

/** A PNG as a test wants it written. */
export interface TestPng {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  /** 0 grey, 2 colour, 3 palette, 4 grey and alpha, 6 colour and alpha. */
  readonly colour: number;
  /** Bytes of a row before its filter. */
  readonly row: (y: number) => readonly number[];
  /** Which filter a row goes through. */
  readonly filter?: (y: number) => number;
  readonly palette?: readonly number[];
  readonly opacity?: readonly number[];
  readonly interlace?: boolean;
}

/** The bytes of a PNG: header, palette, pixels in two parts, end. */
export function pngBytes(png: TestPng): Buffer {
  const { width, height, bits, colour, row, filter = () => 0 } = png;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([bits, colour, 0, 0, png.interlace === true ? 1 : 0], 8);
  const samples = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colour] ?? 1;
  const step = Math.max(1, (samples * bits) >> 3);
  const rows = Array.from({ length: height }, (_, y) => {
    const kind = filter(y);
    const above = y === 0 ? [] : row(y - 1);
    return [
      kind,
      ...row(y).map((byte, at) => {
        const [a, b, c] = [row(y)[at - step] ?? 0, above[at] ?? 0, above[at - step] ?? 0];
        return (byte - guess(kind, a, b, c)) & 255;
      }),
    ];
  });
  const packed = deflateSync(Uint8Array.from(rows.flat()));
  const half = packed.length >> 1;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    part('IHDR', header),
    ...(png.palette === undefined ? [] : [part('PLTE', Uint8Array.from(png.palette))]),
    ...(png.opacity === undefined ? [] : [part('tRNS', Uint8Array.from(png.opacity))]),
    part('IDAT', packed.subarray(0, half)),
    part('IDAT', packed.subarray(half)),
    part('IEND', new Uint8Array(0)),
  ]);
}

/** What a filter takes for a byte, by its neighbours (PNG, 9.2): written apart from the reader's own. */
function guess(kind: number, a: number, b: number, c: number): number {
  if (kind === 1) return a;
  if (kind === 2) return b;
  if (kind === 3) return Math.floor((a + b) / 2);
  if (kind !== 4) return 0;
  const p = a + b - c;
  const nearest = [a, b, c].map((one) => Math.abs(p - one));
  return [a, b, c][nearest.indexOf(Math.min(...nearest))] ?? 0;
}

/** An 8-bit grey PNG whose value at a place is `value(x, y)`. */
export function greyPng(
  width: number,
  height: number,
  value: (x: number, y: number) => number,
): Buffer {
  const row = (y: number): number[] => Array.from({ length: width }, (_, x) => value(x, y) & 255);
  return pngBytes({ width, height, bits: 8, colour: 0, row });
}

/** The same as a TIFF of one page. */
export function greyTiff(
  width: number,
  height: number,
  value: (x: number, y: number) => number,
): Buffer {
  const pixels = Uint8Array.from(
    { length: width * height },
    (_, at) => value(at % width, Math.floor(at / width)) & 255,
  );
  return tiffBytes({ pages: [{ tags: imageTags({ width, height }), blocks: [pixels] }] });
}

/** A grey JPEG of 24 × 16 whose value is ten times x, made with Pillow at quality 95. */
export const greyJpeg = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/wAALCAAQABgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APyL/ZJ/5dfwr9QP2Sf+XX8K/UD9kn/l1/Cv5f8A9kn/AJdfwr9QP2Sf+XX8K/UD9kn/AJdfwr//2Q==',
  'base64',
);

/** A colour JPEG of 24 × 16, the left half (200, 40, 40), the right one (40, 40, 200), made with Pillow. */
export const colourJpeg = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAQABgDAREAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD5fr8TP9QDg/jb/wAwz/tt/wC06/tb6Hv/ADO/+5b/AN2D+RfpU/8AMn/7mP8A3AcHX9rH8invFf4pn+uhwfxt/wCYZ/22/wDadf2t9D3/AJnf/ct/7sH8i/Sp/wCZP/3Mf+4Dg6/tY/kU/9k=',
  'base64',
);
