import { z } from 'zod';
import { asciiJson, parseAsciiJson } from './ascii-json';
import { MembranaError } from './errors';
import { StackId } from './ids';
import { runPixelCount, type LabelPatch, type PatchValues, type TilePatch } from './label-patch';
import { TILE_PIXELS } from './tiles';

/*
 * Layout, little-endian: magic 'MLP1', u32 header length, header as JSON in
 * ASCII (other characters escaped), then a tile: u32 run count, runs as u32 pairs, before, after; values
 * are u8 kind (0 uniform, 1 pixels) and one byte or one byte a pixel.
 */
const MAGIC = 0x31504c4d;
const MAX_HEADER = 1 << 16;

const Header = z.object({
  stack: StackId,
  layer: z.string().min(1).max(64),
  element: z.literal('uint8'),
  z: z.int().nonnegative(),
  sequence: z.int().nonnegative(),
  action: z.enum(['do', 'undo', 'redo']),
  name: z.string().max(120),
  group: z.int().nonnegative().optional(),
  tiles: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative()])),
});

function valuesLength(values: PatchValues): number {
  return values.kind === 'uniform' ? 2 : 1 + values.values.length;
}

export function encodePatch(patch: LabelPatch): Uint8Array<ArrayBuffer> {
  const { tiles, ...rest } = patch;
  const header = asciiJson({ ...rest, tiles: tiles.map((tile) => [tile.tx, tile.ty]) });
  const size = tiles.reduce(
    (sum, tile) =>
      sum + 4 + tile.runs.length * 4 + valuesLength(tile.before) + valuesLength(tile.after),
    8 + header.length,
  );
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, header.length, true);
  bytes.set(header, 8);
  let at = 8 + header.length;
  const putValues = (values: PatchValues): void => {
    if (values.kind === 'uniform') {
      bytes[at] = 0;
      bytes[at + 1] = values.value;
      at += 2;
      return;
    }
    bytes[at] = 1;
    bytes.set(values.values, at + 1);
    at += 1 + values.values.length;
  };
  for (const tile of tiles) {
    view.setUint32(at, tile.runs.length / 2, true);
    at += 4;
    for (const value of tile.runs) {
      view.setUint32(at, value, true);
      at += 4;
    }
    putValues(tile.before);
    putValues(tile.after);
  }
  return bytes;
}

function invalid(reason: string): MembranaError {
  return new MembranaError('labels.patch-invalid', `A label patch could not be read: ${reason}.`, {
    hint: 'Reopen the project; what was saved before is kept.',
  });
}

/** Parses and checks a patch; throws `labels.patch-invalid` on anything that does not fit. */
export function decodePatch(bytes: Uint8Array): LabelPatch {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const need = (count: number): number => {
    if (at + count > bytes.length) throw invalid('it ends early');
    const start = at;
    at += count;
    return start;
  };
  if (view.byteLength < 8 || view.getUint32(need(4), true) !== MAGIC) throw invalid('wrong magic');
  const headerLength = view.getUint32(need(4), true);
  if (headerLength > MAX_HEADER) throw invalid('header too long');
  const start = need(headerLength);
  let json: unknown;
  try {
    json = parseAsciiJson(bytes.subarray(start, at));
  } catch (cause) {
    throw new MembranaError('labels.patch-invalid', 'A label patch header is not JSON.', {
      hint: 'Reopen the project; what was saved before is kept.',
      cause,
    });
  }
  const header = Header.safeParse(json);
  if (!header.success) throw invalid('wrong header');
  const readValues = (pixels: number): PatchValues => {
    const kind = bytes[need(1)];
    if (kind === 0) return { kind: 'uniform', value: bytes[need(1)] ?? 0 };
    if (kind !== 1) throw invalid('unknown value kind');
    const from = need(pixels);
    return { kind: 'pixels', values: bytes.slice(from, from + pixels) };
  };
  const tiles = header.data.tiles.map(([tx, ty]): TilePatch => {
    const count = view.getUint32(need(4), true);
    if (count > TILE_PIXELS) throw invalid('too many runs');
    const from = need(count * 8);
    const runs = new Uint32Array(count * 2);
    let free = 0;
    for (let i = 0; i < runs.length; i += 2) {
      const first = view.getUint32(from + i * 4, true);
      const length = view.getUint32(from + i * 4 + 4, true);
      if (first < free || length === 0 || first + length > TILE_PIXELS) throw invalid('bad run');
      runs[i] = first;
      runs[i + 1] = length;
      free = first + length;
    }
    const pixels = runPixelCount(runs);
    return { tx, ty, runs, before: readValues(pixels), after: readValues(pixels) };
  });
  if (at !== bytes.length) throw invalid('bytes left over');
  const { group, ...head } = header.data;
  return { ...head, ...(group === undefined ? {} : { group }), tiles };
}
