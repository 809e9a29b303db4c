import { getDecoder } from 'geotiff';
import type { BlockCodec } from '../pixels/block-codec';
import type { Decoded } from './decoded';

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly precision: number;
}

/** The frame header of a JPEG stream (ITU T.81, B.2.2), or null where there is none. */
export function jpegFrame(bytes: Uint8Array): Frame | null {
  let at = 2;
  while (at + 10 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const word = (index: number): number => ((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame)
      return {
        precision: bytes[at + 4] ?? 0,
        height: word(at + 5),
        width: word(at + 7),
        components: bytes[at + 9] ?? 0,
      };
    if (marker === 0xda || marker === 0xd9) return null;
    at += 2 + word(at + 2);
  }
  return null;
}

/** One JPEG-compressed strip or tile of 8-bit samples; its frame is checked against the block before anything is decoded. */
export async function decodeJpeg(
  encoded: Uint8Array,
  rows: number,
  codec: BlockCodec,
): Promise<Decoded> {
  const { rowLength, samplesPerPixel } = codec.packing;
  const width = rowLength / samplesPerPixel;
  const none = new Uint8Array(0);
  const frame = jpegFrame(encoded);
  if (encoded[0] !== 0xff || encoded[1] !== 0xd8 || frame === null)
    return { data: none, problem: 'not a JPEG stream' };
  const fits =
    frame.width === width &&
    frame.height >= rows &&
    frame.height <= rows + 16 &&
    frame.components === samplesPerPixel &&
    frame.precision === 8;
  if (!fits)
    return {
      data: none,
      problem: `JPEG frame of ${frame.width} × ${frame.height} × ${frame.components} in a block of ${width} × ${rows} × ${samplesPerPixel}`,
    };
  const parameters = {
    tileWidth: width,
    tileHeight: rows,
    predictor: 1,
    bitsPerSample: 8,
    planarConfiguration: 1,
    ...(codec.jpegTables === null ? {} : { JPEGTables: codec.jpegTables }),
  };
  const decoder = await getDecoder(7, parameters);
  const decoded = await decoder.decodeBlock(encoded.slice().buffer);
  const data = new Uint8Array(decoded).subarray(0, rowLength * rows);
  if (codec.yCbCr && samplesPerPixel === 3) yCbCrToRgb(data);
  return { data, problem: null };
}

/** ITU-R BT.601 full range, as JFIF has it; in place. */
function yCbCrToRgb(pixels: Uint8Array): void {
  const clamp = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));
  for (let at = 0; at + 2 < pixels.length; at += 3) {
    const y = pixels[at] ?? 0;
    const blue = (pixels[at + 1] ?? 0) - 128;
    const red = (pixels[at + 2] ?? 0) - 128;
    pixels[at] = clamp(y + 1.402 * red);
    pixels[at + 1] = clamp(y - 0.344136 * blue - 0.714136 * red);
    pixels[at + 2] = clamp(y + 1.772 * blue);
  }
}
