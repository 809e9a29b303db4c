import { asciiJson, parseAsciiJson } from '#contract/ascii-json';
import { EditHeader } from '#contract/edit-header';
import type { LayerElement } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { LayerId } from '#contract/ids';
import { runPixelCount } from '#contract/label-patch';
import { decodePatch } from '#contract/label-patch-codec';
import { limits } from '#contract/limits';
import { TILE_PIXELS } from '#contract/tiles';
import {
  editOfPatch,
  elementBytes,
  newVoxels,
  type ChunkEdit,
  type LayerEdit,
  type VoxelArray,
  type VoxelEdit,
  type VoxelValues,
} from './voxel-edit';

/*
 * Layout, little-endian: magic 'MVE1', u32 header length, header as JSON in
 * ASCII, then the chunks of the layers one after another: f64 z, u32 ty, u32 tx,
 * u32 run count, runs as u32 pairs, before, after; values are u8 kind
 * (0 uniform, 1 voxels) and one value or one a voxel, 1, 2 or 4 bytes each as
 * the element of the layer says.
 */
const MAGIC = 0x3145564d;
const MAX_HEADER = 1 << 20;
const PLACE_BYTES = 16;

function valuesLength(values: VoxelValues, element: LayerElement): number {
  return 1 + elementBytes(element) * (values.kind === 'uniform' ? 1 : values.values.length);
}

function chunkLength({ runs, before, after }: ChunkEdit, element: LayerElement): number {
  return (
    PLACE_BYTES + 4 + runs.length * 4 + valuesLength(before, element) + valuesLength(after, element)
  );
}

function putValue(view: DataView, at: number, element: LayerElement, value: number): void {
  switch (element) {
    case 'uint8':
      view.setUint8(at, value);
      return;
    case 'uint16':
      view.setUint16(at, value, true);
      return;
    case 'uint32':
      view.setUint32(at, value, true);
  }
}

function takeValue(view: DataView, at: number, element: LayerElement): number {
  switch (element) {
    case 'uint8':
      return view.getUint8(at);
    case 'uint16':
      return view.getUint16(at, true);
    case 'uint32':
      return view.getUint32(at, true);
  }
}

export function encodeEdit(edit: VoxelEdit): Uint8Array<ArrayBuffer> {
  const { layers, ...head } = edit;
  const header = asciiJson({
    ...head,
    layers: layers.map(({ chunks, ...one }) => ({ ...one, chunks: chunks.length })),
  });
  const all = layers.flatMap(({ element, chunks }) => chunks.map((chunk) => ({ element, chunk })));
  const size = all.reduce(
    (sum, { element, chunk }) => sum + chunkLength(chunk, element),
    8 + header.length,
  );
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, header.length, true);
  bytes.set(header, 8);
  let at = 8 + header.length;
  const putValues = (values: VoxelValues, element: LayerElement): void => {
    const step = elementBytes(element);
    view.setUint8(at, values.kind === 'uniform' ? 0 : 1);
    at += 1;
    if (values.kind === 'uniform') {
      putValue(view, at, element, values.value);
      at += step;
      return;
    }
    for (let i = 0; i < values.values.length; i += 1)
      putValue(view, at + i * step, element, values.values[i] ?? 0);
    at += values.values.length * step;
  };
  for (const { element, chunk } of all) {
    view.setFloat64(at, chunk.z, true);
    view.setUint32(at + 8, chunk.ty, true);
    view.setUint32(at + 12, chunk.tx, true);
    view.setUint32(at + PLACE_BYTES, chunk.runs.length / 2, true);
    at += PLACE_BYTES + 4;
    for (const value of chunk.runs) {
      view.setUint32(at, value, true);
      at += 4;
    }
    putValues(chunk.before, element);
    putValues(chunk.after, element);
  }
  return bytes;
}

function invalid(reason: string, cause?: unknown): MembranaError {
  return new MembranaError('labels.patch-invalid', `An edit could not be read: ${reason}.`, {
    hint: 'Reopen the project; what was saved before is kept.',
    cause,
  });
}

/** Reads forward and never past the end. */
class Reader {
  readonly view: DataView;
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.at === this.bytes.length;
  }

  /** Where the next `count` bytes begin. */
  need(count: number): number {
    if (this.at + count > this.bytes.length) throw invalid('it ends early');
    const start = this.at;
    this.at += count;
    return start;
  }

  u32(): number {
    return this.view.getUint32(this.need(4), true);
  }

  json(length: number): unknown {
    const start = this.need(length);
    try {
      return parseAsciiJson(this.bytes.subarray(start, start + length));
    } catch (cause) {
      throw invalid('its header is not JSON', cause);
    }
  }

  private runs(): Uint32Array<ArrayBuffer> {
    const count = this.u32();
    if (count > TILE_PIXELS) throw invalid('too many runs');
    const from = this.need(count * 8);
    const runs = new Uint32Array(count * 2);
    let free = 0;
    for (let i = 0; i < runs.length; i += 2) {
      const first = this.view.getUint32(from + i * 4, true);
      const length = this.view.getUint32(from + i * 4 + 4, true);
      if (first < free || length === 0 || first + length > TILE_PIXELS) throw invalid('bad run');
      runs[i] = first;
      runs[i + 1] = length;
      free = first + length;
    }
    return runs;
  }

  chunk(element: LayerElement): ChunkEdit {
    const from = this.need(PLACE_BYTES);
    const z = this.view.getFloat64(from, true);
    if (!Number.isInteger(z) || z < 0 || z > limits.edge) throw invalid('no slice has that number');
    const ty = this.view.getUint32(from + 8, true);
    const tx = this.view.getUint32(from + 12, true);
    const runs = this.runs();
    const voxels = runPixelCount(runs);
    const before = this.values(element, voxels);
    return { z, ty, tx, runs, before, after: this.values(element, voxels) };
  }

  private values(element: LayerElement, voxels: number): VoxelValues {
    const kind = this.view.getUint8(this.need(1));
    const step = elementBytes(element);
    if (kind === 0)
      return { kind: 'uniform', value: takeValue(this.view, this.need(step), element) };
    if (kind !== 1) throw invalid('unknown value kind');
    const from = this.need(voxels * step);
    const values: VoxelArray = newVoxels(element, voxels);
    for (let i = 0; i < voxels; i += 1) values[i] = takeValue(this.view, from + i * step, element);
    return { kind: 'voxels', values };
  }
}

/**
 * Parses and checks an edit; label patches, as earlier formats and small
 * strokes are written, are read as edits of one layer and slice.
 *
 * @throws MembranaError labels.patch-invalid on anything that does not fit
 */
export function decodeEdit(bytes: Uint8Array): VoxelEdit {
  if (!isEdit(bytes)) {
    const patch = decodePatch(bytes);
    const layer = LayerId.safeParse(patch.layer);
    if (!layer.success) throw invalid('no layer has that name');
    return editOfPatch(patch, layer.data);
  }
  const reader = new Reader(bytes);
  reader.need(4);
  const headerLength = reader.u32();
  if (headerLength > MAX_HEADER) throw invalid('header too long');
  const header = EditHeader.safeParse(reader.json(headerLength));
  if (!header.success) throw invalid('wrong header');
  const { layers: announced, group, ...head } = header.data;
  if (new Set(announced.map(({ stack, layer }) => `${stack}/${layer}`)).size < announced.length)
    throw invalid('it names a layer twice');
  const layers = announced.map(({ chunks, ...layer }): LayerEdit => {
    const read = Array.from({ length: chunks }, () => reader.chunk(layer.element));
    if (new Set(read.map(chunkName)).size < chunks) throw invalid('it names a chunk twice');
    return { ...layer, chunks: read };
  });
  if (!reader.atEnd) throw invalid('bytes left over');
  return { ...head, ...(group === undefined ? {} : { group }), layers };
}

const chunkName = ({ z, ty, tx }: ChunkEdit): string => `${z}/${ty}/${tx}`;

/** Whether the bytes are an edit over layers; label patches begin otherwise. */
export function isEdit(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false;
  return (
    new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true) === MAGIC
  );
}
