import type { ElementType, SampleMeaning, StackWarning } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { limits } from '../tiff/container/limits';
import { type SliceHead, unknownVoxels } from './slice-head';

/** A part of a PNG: its four letters and its bytes. */
interface PngPart {
  readonly type: string;
  readonly data: Uint8Array;
  /** The file ends within it. */
  readonly cut: boolean;
}

export type PngColour = 'grey' | 'rgb' | 'palette' | 'grey-alpha' | 'rgba';

/** What the parts before the pixels say. */
export interface PngLayout {
  readonly head: SliceHead;
  readonly bits: 1 | 2 | 4 | 8 | 16;
  readonly colour: PngColour;
  /** Values a pixel as stored: indices count as one. */
  readonly stored: number;
  /** Red, green, blue and opacity of each index; empty without a palette. */
  readonly palette: readonly (readonly [number, number, number, number])[];
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Colour types of the PNG specification (11.2.2), and the bits that each may have. */
const colours: Readonly<Record<number, { colour: PngColour; stored: number; bits: number[] }>> = {
  0: { colour: 'grey', stored: 1, bits: [1, 2, 4, 8, 16] },
  2: { colour: 'rgb', stored: 3, bits: [8, 16] },
  3: { colour: 'palette', stored: 1, bits: [1, 2, 4, 8] },
  4: { colour: 'grey-alpha', stored: 2, bits: [8, 16] },
  6: { colour: 'rgba', stored: 4, bits: [8, 16] },
};

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, at) => bytes[at] === byte);
}

/** The parts of a PNG one after the other, to its end or to where it breaks off. */
export function* pngParts(bytes: Uint8Array): Generator<PngPart, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = SIGNATURE.length; at + 8 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const end = at + 8 + length;
    yield { type, data: bytes.subarray(at + 8, end), cut: end > bytes.length };
    at = end + 4;
  }
}

function broken(name: string, what: string): MembranaError {
  return new MembranaError('stack.corrupt', `${name}: ${what}.`, {
    hint: 'Export this slice again.',
    data: { file: name },
  });
}

/**
 * What a PNG is, from its parts before the pixels.
 * @throws MembranaError stack.corrupt, stack.unsupported, stack.too-large
 */
export function readPngLayout(name: string, bytes: Uint8Array): PngLayout {
  if (!isPng(bytes)) throw broken(name, 'it is called a PNG, but is none');
  const parts = pngParts(bytes);
  const first = parts.next().value;
  if (first?.type !== 'IHDR' || first.data.length < 13) throw broken(name, 'the PNG has no header');
  const view = new DataView(first.data.buffer, first.data.byteOffset, first.data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [bits, colourType, compression, filter, interlace] = first.data.subarray(8);
  const found = colours[colourType ?? -1];
  if (width === 0 || height === 0) throw broken(name, 'the picture has no pixels');
  if (found?.bits.includes(bits ?? 0) !== true || compression !== 0 || filter !== 0)
    throw broken(name, 'the header of the PNG makes no sense');
  if (interlace !== 0)
    throw new MembranaError('stack.unsupported', `${name} is an interlaced PNG.`, {
      hint: 'Save the slices without interlacing (“Adam7”), or as TIFF.',
      data: { file: name },
    });
  const palette = found.colour === 'palette' ? readPalette(parts) : [];
  if (found.colour === 'palette' && palette.length === 0)
    throw broken(name, 'the palette of the PNG is missing');
  const type: ElementType = bits === 16 ? 'uint16' : 'uint8';
  const { samples, meaning } = meaningOf(found.colour, palette);
  const { decodedBlockBytes } = limits;
  if (width * height * Math.max(samples, found.stored) * (bits === 16 ? 2 : 1) > decodedBlockBytes)
    throw new MembranaError('stack.too-large', `${name} has ${width} × ${height} pixels.`, {
      hint: 'Pictures above 512 MiB open as TIFF or OME-Zarr, which are read in parts.',
      data: { file: name, width, height },
    });
  const head: SliceHead = {
    width,
    height,
    depth: 1,
    type,
    samples,
    meaning,
    voxelSize: unknownVoxels,
    compression: 'png',
    byteOrder: 'big',
    warnings: warningsOf(found.colour, meaning),
  };
  const checked = ([1, 2, 4, 8, 16] as const).find((one) => one === bits) ?? 8;
  return { head, bits: checked, colour: found.colour, stored: found.stored, palette };
}

/** PLTE, with the opacities of tRNS where there are some; nothing after the first pixels counts. */
function readPalette(parts: Iterable<PngPart>): PngLayout['palette'] {
  let colour: Uint8Array = new Uint8Array(0);
  let opacity: Uint8Array = new Uint8Array(0);
  for (const { type, data } of parts) {
    if (type === 'IDAT') break;
    if (type === 'PLTE') colour = data;
    if (type === 'tRNS') opacity = data;
  }
  const at = (index: number): number => colour[index] ?? 0;
  return Array.from({ length: Math.min(256, Math.floor(colour.length / 3)) }, (_, i) => [
    at(3 * i),
    at(3 * i + 1),
    at(3 * i + 2),
    opacity[i] ?? 255,
  ]);
}

function meaningOf(
  colour: PngColour,
  palette: PngLayout['palette'],
): { readonly samples: number; readonly meaning: SampleMeaning } {
  const alphaAt = (sample: number): SampleMeaning['alpha'] => ({ sample, premultiplied: false });
  switch (colour) {
    case 'grey':
      return { samples: 1, meaning: { kind: 'grey', stored: 'grey', alpha: null } };
    case 'grey-alpha':
      return { samples: 2, meaning: { kind: 'grey', stored: 'grey', alpha: alphaAt(1) } };
    case 'rgb':
      return { samples: 3, meaning: { kind: 'colour', stored: 'rgb', alpha: null } };
    case 'rgba':
      return { samples: 4, meaning: { kind: 'colour', stored: 'rgb', alpha: alphaAt(3) } };
    case 'palette': {
      const clear = palette.some(([, , , opacity]) => opacity < 255);
      const grey = palette.every(([red, green, blue]) => red === green && green === blue);
      const values = grey ? 1 : 3;
      const alpha = clear ? alphaAt(values) : null;
      const meaning: SampleMeaning = { kind: grey ? 'grey' : 'colour', stored: 'palette', alpha };
      return { samples: values + (clear ? 1 : 0), meaning };
    }
  }
}

function warningsOf(colour: PngColour, { kind, alpha }: SampleMeaning): StackWarning[] {
  const warnings: StackWarning[] = [];
  if (colour === 'palette') {
    const what = kind === 'grey' ? 'greys' : 'colours';
    const message = `Pixels are indices of a palette of ${what}: they are read as those ${what}, not as indices.`;
    warnings.push({ code: 'palette', message });
  }
  if (alpha !== null)
    warnings.push({
      code: 'alpha',
      message:
        'Pixels have an alpha sample: where it is 0 nothing is shown, segmented or learnt from.',
    });
  return warnings;
}
