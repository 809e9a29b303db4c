import { join } from 'node:path';
import { parseStrictJson } from '../../storage/strict-json';
import { openAtOnce } from '../source/open-at-once';
import { fileError, isNotThere } from '../source-file';
import { corruptZarr, tooLargeZarr, unsupportedZarr } from './zarr-errors';

/** Attributes of large plates are a few megabytes. */
const MOST_BYTES = 16 * 2 ** 20;

/** Metadata of a node of a Zarr hierarchy, as JSON that was looked at. */
export interface NodeMetadata {
  readonly format: 2 | 3;
  readonly kind: 'array' | 'group';
  readonly document: unknown;
  /** Of version 2 they are in a file of their own. */
  readonly attributes: unknown;
  /** Files that were read, relative to the node. */
  readonly files: readonly string[];
}

/** The JSON in a file; undefined where there is none. @throws MembranaError stack.corrupt, stack.too-large, file.* */
async function readJson(folder: string, file: string, name: string): Promise<unknown> {
  let text: string;
  try {
    const handle = await openAtOnce(join(folder, file));
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw corruptZarr(name, `${file} is no file`);
      if (stats.size > MOST_BYTES)
        throw tooLargeZarr(name, `a description (${file}) of ${stats.size} bytes`);
      text = await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw fileError(error, name);
  }
  try {
    // Some writers put NaN where JSON has no word for it; it is the value of what was never written.
    return parseStrictJson(text.replace(/("fill_value"\s*:\s*)(NaN|-?Infinity)/g, '$1"$2"'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw corruptZarr(name, `${file} can't be understood (${why.slice(0, 120)})`);
  }
}

function field(document: unknown, key: string): unknown {
  return typeof document === 'object' && document !== null ? Reflect.get(document, key) : undefined;
}

/** @throws MembranaError stack.unsupported for a description by rules that came later */
function mustBeOf(format: 2 | 3, document: unknown, name: string): void {
  const told = field(document, 'zarr_format');
  if (told === format) return;
  const which = told === undefined ? 'no format number' : JSON.stringify(told).slice(0, 40);
  throw unsupportedZarr(name, `Zarr format ${which}`);
}

/** What the files of a folder say of the Zarr node that it is; null where it is none. */
export async function readNode(folder: string, name: string): Promise<NodeMetadata | null> {
  const document = await readJson(folder, 'zarr.json', name);
  if (document !== undefined) {
    const kind = field(document, 'node_type');
    if (kind !== 'array' && kind !== 'group')
      throw corruptZarr(name, 'zarr.json says neither array nor group');
    mustBeOf(3, document, name);
    return {
      format: 3,
      kind,
      document,
      attributes: field(document, 'attributes'),
      files: ['zarr.json'],
    };
  }
  const array = await readJson(folder, '.zarray', name);
  const group = array === undefined ? await readJson(folder, '.zgroup', name) : undefined;
  if (array === undefined && group === undefined) return null;
  mustBeOf(2, array ?? group, name);
  const kind = array === undefined ? 'group' : 'array';
  return {
    format: 2,
    kind,
    document: array ?? group,
    attributes: await readJson(folder, '.zattrs', name),
    files: [kind === 'array' ? '.zarray' : '.zgroup', '.zattrs'],
  };
}
