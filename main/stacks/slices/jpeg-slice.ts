import { MembranaError } from '#contract/errors';
import type { Chunk } from '#volume/chunk-source';
import { bytesOf, newPixels } from '#volume/pixel-array';
import { decodeJpeg, jpegFrame } from '../tiff/codecs/jpeg';
import { limits } from '../tiff/container/limits';
import { type SliceHead, unknownVoxels } from './slice-head';

/**
 * What a JPEG is, from its frame.
 * @throws MembranaError stack.corrupt, stack.unsupported, stack.too-large
 */
export function readJpegHead(name: string, bytes: Uint8Array): SliceHead {
  const data = { file: name };
  const frame = bytes[0] === 0xff && bytes[1] === 0xd8 ? jpegFrame(bytes) : null;
  if (frame === null)
    throw new MembranaError('stack.corrupt', `${name} is called a JPEG, but is none.`, {
      hint: 'Export this slice again.',
      data,
    });
  const { width, height, components, precision } = frame;
  if (precision !== 8 || (components !== 1 && components !== 3))
    throw new MembranaError(
      'stack.unsupported',
      `${name} is a JPEG of ${components} samples of ${precision} bits.`,
      { hint: 'Save the slices as TIFF or PNG.', data },
    );
  if (width === 0 || height === 0)
    throw new MembranaError('stack.corrupt', `${name}: the picture has no pixels.`, {
      hint: 'Export this slice again.',
      data,
    });
  if (width * height * components > limits.decodedBlockBytes)
    throw new MembranaError('stack.too-large', `${name} has ${width} × ${height} pixels.`, {
      hint: 'Pictures above 512 MiB open as TIFF or OME-Zarr, which are read in parts.',
      data,
    });
  return {
    width,
    height,
    depth: 1,
    type: 'uint8',
    samples: components,
    meaning:
      components === 1
        ? { kind: 'grey', stored: 'grey', alpha: null }
        : { kind: 'colour', stored: 'rgb', alpha: null },
    voxelSize: unknownVoxels,
    compression: 'jpeg',
    byteOrder: 'little',
    warnings: [],
  };
}

/** What lies before the picture data of a JPEG: whether its colours are stored as they are (Adobe, transform 0), and where the data begins. */
function beforeScan(bytes: Uint8Array): { readonly plainRgb: boolean; readonly scan: number } {
  let plainRgb = false;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xda) break;
    const adobe = String.fromCharCode(...bytes.subarray(at + 4, at + 9)) === 'Adobe';
    if (marker === 0xee && adobe) plainRgb = bytes[at + 15] === 0;
    at += 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
  }
  return { plainRgb, scan: at };
}

/** Whether the end marker follows the picture data; the one of a thumbnail stands before it. */
function isComplete(bytes: Uint8Array, scan: number): boolean {
  for (let at = bytes.length - 2; at > scan; at -= 1)
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
  return false;
}

/** The pixels of a JPEG. @throws MembranaError as `readJpegHead` */
export async function decodeJpegSlice(name: string, bytes: Uint8Array): Promise<Chunk> {
  const { width, height, samples, type } = readJpegHead(name, bytes);
  const { plainRgb, scan } = beforeScan(bytes);
  // Decoders fill up what is missing; which rows that are can't be seen.
  if (!isComplete(bytes, scan))
    return {
      pixels: newPixels(type, 0),
      problem: { state: 'truncated', reason: 'the JPEG ends early', goodRows: 0 },
    };
  const { data, problem } = await decodeJpeg(bytes, height, {
    compression: 7,
    packing: {
      format: { bits: 8, type, bilevel: false },
      bigEndian: false,
      predictor: 1,
      rowLength: width * samples,
      samplesPerPixel: samples,
      invert: false,
    },
    reverseBits: false,
    jpegTables: null,
    yCbCr: samples === 3 && !plainRgb,
  });
  const pixels = newPixels(type, width * height * samples);
  bytesOf(pixels).set(data.subarray(0, pixels.byteLength));
  const good = Math.floor(data.byteLength / (width * samples));
  if (problem === null && good >= height) return { pixels, problem: null };
  const reason = problem ?? `truncated at row ${good}`;
  return {
    pixels,
    problem: { state: problem === null ? 'truncated' : 'corrupt', reason, goodRows: good },
  };
}
