import type { Dataset, File } from 'h5wasm';
import { z } from 'zod';
import type { ElementType, StackInfo, StackWarning } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { severalStacks } from '../several-stacks';
import { bytesPerSample } from '#volume/pixel-array';
import type { Extent, VolumeInfo } from '#volume/volume-info';
import { limits } from '../tiff/container/limits';
import { axisPlan, type AxisPlan } from '../zarr/axis-plan';
import { describeDataset, voxelSizeOf } from './hdf5-attributes';
import { usualAxes } from './hdf5-axes';
import { corruptHdf5, tooLargeHdf5, unsupportedHdf5 } from './hdf5-errors';
import { type H5Module, type LentFile, withHdf5 } from './hdf5-library';
import { findDatasets, isDataset, isPicture } from './find-datasets';

/** Everything about a dataset but its values, as plain data: a worker reads it. */
export interface Hdf5Structure {
  readonly info: StackInfo;
  readonly volume: VolumeInfo;
  readonly plan: AxisPlan;
  readonly dataset: Hdf5Dataset;
}

/** Where values lie in a file, and how they are stored. */
export interface Hdf5Dataset {
  readonly path: string;
  readonly shape: readonly number[];
  /** Values that are read at once along each axis: a chunk, or a part of a slice where there are none. */
  readonly unit: readonly number[];
  readonly type: ElementType;
  /** Truth values: 0 and 255 for the view. */
  readonly bool: boolean;
}

/** Which dataset of which file is meant; null where the file is to say. */
export interface Hdf5Request {
  readonly lent: LentFile;
  readonly name: string;
  readonly dataset: string | null;
}

/** A chunk is read whole, and what it unpacks from lies in memory beside it. */
const MOST_CHUNK_BYTES = 128 * 2 ** 20;
/** Of a dataset without chunks about so much is read at once. */
const UNIT_BYTES = 2 ** 20;
const LONGEST_ATTRIBUTE = 2 ** 16;
/** Deflate, shuffle, check sums, N bits and scaled offsets. */
const readable = new Set([1, 2, 3, 5, 6]);
const filterNames: Readonly<Record<number, string>> = {
  4: 'SZIP',
  305: 'LZO',
  307: 'bzip2',
  32000: 'LZF',
  32001: 'Blosc',
  32004: 'LZ4',
  32008: 'bitshuffle',
  32013: 'ZFP',
  32015: 'Zstandard',
  32026: 'Blosc 2',
};
const INTEGER = 0;
const ENUMERATION = 8;

const sizes = z.array(z.int().min(1)).min(1).max(8);

/**
 * Reads what a HDF5 file, or the dataset in it that is meant, is.
 * @throws MembranaError stack.*
 */
export async function readHdf5(request: Hdf5Request): Promise<Hdf5Structure> {
  const { name, lent } = request;
  try {
    return await withHdf5(lent, (file, module) => {
      const path = request.dataset === null ? only(name, file, module) : `/${request.dataset}`;
      return structureOf(name, datasetAt(name, file, module, path), file, module);
    });
  } catch (error) {
    if (error instanceof MembranaError) throw error;
    throw corruptHdf5(name, 'its structure can’t be read');
  }
}

function only(name: string, file: File, module: H5Module): string {
  const { paths, elsewhere } = findDatasets(file, module);
  const [path] = paths;
  if (path === undefined) {
    const [other] = elsewhere;
    if (other !== undefined)
      throw unsupportedHdf5(name, `a link to another file (${other.slice(0, 80)})`);
    throw new MembranaError(
      'stack.no-image',
      `${name} holds no dataset of numbers that is a picture.`,
      {
        hint: 'Choose a file with a dataset of two to four axes.',
        data: { file: name },
      },
    );
  }
  if (paths.length === 1) return path;
  throw severalStacks(
    name,
    `holds ${String(paths.length)} pictures`,
    paths,
    `Name one behind the file on the command line, as in ${name}::${path}; in the window, choose one.`,
  );
}

/** The dataset at a path that a person named; no link on the way may lead to another file. */
function datasetAt(name: string, file: File, module: H5Module, path: string): Dataset {
  const parts = path.split('/').slice(1);
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const at = `/${parts.slice(0, depth).join('/')}`;
    const link: { readonly filename?: string } = module.get_external_link(file.file_id, at);
    if (link.filename !== undefined)
      throw unsupportedHdf5(name, `a link to another file (${link.filename.slice(0, 80)})`);
  }
  const found = module.get_type(file.file_id, path) === module.H5G_DATASET ? file.get(path) : null;
  if (!isDataset(found) || !isPicture(found))
    throw new MembranaError(
      'stack.no-image',
      `${name} holds no picture at ${path.slice(0, 200)}.`,
      {
        hint: 'Without a name behind the file, Membrana lists the pictures in it.',
        data: { file: name },
      },
    );
  return found;
}

function structureOf(name: string, dataset: Dataset, file: File, module: H5Module): Hdf5Structure {
  const { metadata, path } = dataset;
  if ((metadata.virtual_sources ?? []).length > 0)
    throw unsupportedHdf5(name, 'a virtual dataset, whose values lie in other files');
  const shape = sizes.safeParse(metadata.shape).data;
  if (shape === undefined) throw corruptHdf5(name, 'its picture has no sizes');
  const kind = elementOf(name, metadata);
  const filters: readonly { readonly id: number }[] = module.get_dataset_filters(
    file.file_id,
    path,
  );
  const strange = filters.find(({ id }) => !readable.has(id));
  if (strange !== undefined)
    throw unsupportedHdf5(
      name,
      `the compression ${filterNames[strange.id] ?? `with number ${strange.id}`}`,
    );
  const warnings: StackWarning[] = [];
  const said = describeDataset((attribute) => attributeOf(module, file, dataset, attribute));
  if (said.axes !== null && said.axes.length !== shape.length)
    throw corruptHdf5(name, `it names ${said.axes.length} axes and has ${shape.length}`);
  warnings.push(...said.warnings);
  const axes = said.axes ?? usualAxes(name, shape, warnings);
  const plan = axisPlan(name, { shape, dimensionNames: null }, axes, warnings);
  const unit = unitOf(name, shape, sizes.safeParse(metadata.chunks).data ?? null, plan, kind.type);
  const extent = extentOf(shape, plan);
  if (extent.x * extent.y > limits.pagePixels || extent.z > limits.directories)
    throw tooLargeHdf5(name, `${extent.z} slices of ${extent.x} × ${extent.y} pixels`);
  const voxelSize = voxelSizeOf(said, plan);
  const { channels } = plan;
  const letters = `${extent.z > 1 ? 'Z' : ''}YX`;
  const info: StackInfo = {
    width: extent.x,
    height: extent.y,
    depth: extent.z,
    type: kind.type,
    samples: channels,
    meaning:
      channels > 1
        ? { kind: 'channels', channels, channel: 0, alpha: null }
        : { kind: 'grey', stored: 'grey', alpha: null },
    voxelSize,
    axes: `${letters}${channels > 1 ? 'S' : ''}`,
    compression: filters.some(({ id }) => id === 1) ? 'gzip' : 'none',
    byteOrder: metadata.littleEndian ? 'little' : 'big',
    fileBytes: 0,
    warnings,
  };
  const volume: VolumeInfo = {
    axes: `${channels > 1 ? 'C' : ''}${letters}`,
    shape: extent,
    voxelSize,
    levels: [{ halvings: 0, shape: extent, chunk: extentOf(unit, plan) }],
    element: kind.type,
    channels,
    samples: 1,
  };
  return { info, volume, plan, dataset: { path, shape, unit, ...kind } };
}

function elementOf(
  name: string,
  { type, size, signed, enum_type: names }: Dataset['metadata'],
): Pick<Hdf5Dataset, 'type' | 'bool'> {
  const bits = size * 8;
  const bool = type === ENUMERATION && size === 1 && Object.keys(names?.members ?? {}).length === 2;
  if (bool) return { type: 'uint8', bool };
  const integer = type === INTEGER || type === ENUMERATION;
  const wanted = `${integer ? (signed ? 'int' : 'uint') : 'float'}${bits}`;
  const known: readonly ElementType[] = [
    'uint8',
    'int8',
    'uint16',
    'int16',
    'uint32',
    'int32',
    'uint64',
    'int64',
    'float16',
    'float32',
    'float64',
  ];
  const found = known.find((one) => one === wanted);
  if (found === undefined)
    throw unsupportedHdf5(name, `values of ${bits} bits (${integer ? 'integers' : 'floats'})`);
  return { type: found, bool: false };
}

/** What is read at once; without chunks, whole rows of one slice. */
function unitOf(
  name: string,
  shape: readonly number[],
  chunks: readonly number[] | null,
  plan: AxisPlan,
  type: ElementType,
): readonly number[] {
  const bytes = bytesPerSample(type);
  if (chunks !== null) {
    if (chunks.length !== shape.length)
      throw corruptHdf5(name, 'its chunks have other axes than it');
    const whole = chunks.reduce((product, length) => product * length, bytes);
    if (whole > MOST_CHUNK_BYTES)
      throw tooLargeHdf5(
        name,
        `chunks of ${Math.round(whole / 2 ** 20)} MiB (${chunks.join(' × ')})`,
      );
    return chunks;
  }
  const rowBytes = (shape[plan.x] ?? 1) * bytes;
  if (rowBytes > MOST_CHUNK_BYTES) throw tooLargeHdf5(name, `rows of ${rowBytes} bytes`);
  const rows = Math.min(shape[plan.y] ?? 1, Math.max(1, Math.floor(UNIT_BYTES / rowBytes)));
  return shape.map((length, axis) => (axis === plan.x ? length : axis === plan.y ? rows : 1));
}

function extentOf(list: readonly number[], { x, y, z: slices }: AxisPlan): Extent {
  return { x: list[x] ?? 1, y: list[y] ?? 1, z: slices === null ? 1 : (list[slices] ?? 1) };
}

/** The value of an attribute that is no longer than a description is; undefined where there is none. */
function attributeOf(
  module: H5Module,
  file: File,
  { path, attrs }: Dataset,
  name: string,
): unknown {
  if (!Object.hasOwn(attrs, name)) return undefined;
  const { size, total_size: count } = module.get_attribute_metadata(file.file_id, path, name);
  if (size * count > LONGEST_ATTRIBUTE) return undefined;
  try {
    return attrs[name]?.value;
  } catch {
    return undefined;
  }
}
