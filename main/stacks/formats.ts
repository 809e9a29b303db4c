import { open, opendir, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { MembranaError } from '#contract/errors';
import { hdf5 } from './hdf5/hdf5-format';
import { fileOfPath } from './hdf5/inner-path';
import { mrc } from './mrc/mrc-format';
import { nrrd } from './nrrd/nrrd-format';
import { slices } from './slices/slices-format';
import { fileError } from './source-file';
import { HEAD_BYTES, type SourceEntry, type StackFormat } from './stack-format';
import { tiff } from './tiff/tiff-format';
import { zarr } from './zarr/zarr-format';

/** Every format that opens; the first whose own a path is reads it. */
const formats: readonly StackFormat[] = [zarr, slices, hdf5, nrrd, mrc, tiff];

/** Names of a folder that are looked at; no folder of slices has more. */
const MOST_NAMES = 200_000;

async function headOf(path: string): Promise<Uint8Array> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * A file's first bytes, or the names in a folder, so many at most.
 * @throws MembranaError file.not-found, file.unreadable
 */
async function entryAt(path: string): Promise<SourceEntry> {
  const name = basename(path);
  try {
    const found = await stat(path);
    // Opening a pipe would wait for a writer: its format's reader refuses it.
    if (!found.isDirectory())
      return { kind: 'file', name, head: found.isFile() ? await headOf(path) : new Uint8Array() };
    const names: string[] = [];
    for await (const entry of await opendir(path)) {
      names.push(entry.name);
      if (names.length >= MOST_NAMES) break;
    }
    return { kind: 'folder', name, names };
  } catch (error) {
    throw fileError(error, name);
  }
}

/** The format of what lies at `path`; null where it is none that opens. @throws MembranaError file.* */
async function ownerOf(path: string): Promise<StackFormat | null> {
  const { file, dataset } = await fileOfPath(path);
  if (dataset !== null) {
    // Of what is in a file only HDF5 has names.
    const entry = await entryAt(file);
    if (hdf5.owns(entry)) return hdf5;
    throw new MembranaError('stack.unsupported', `${basename(file)} has no datasets with names.`, {
      hint: 'Leave out what stands behind “::”; it is for HDF5 files.',
      data: { file: basename(file) },
    });
  }
  const entry = await entryAt(path);
  return formats.find((format) => format.owns(entry)) ?? null;
}

/** Whether a folder holds a stack. */
export async function isStackFolder(path: string): Promise<boolean> {
  return (await ownerOf(path).catch(() => null)) !== null;
}

/** @throws MembranaError file.*; stack.no-image for a folder without a stack */
export async function formatOf(path: string): Promise<StackFormat> {
  const owner = await ownerOf(path);
  if (owner !== null) return owner;
  const name = basename(path);
  throw new MembranaError('stack.no-image', `${name} is a folder without a stack in it.`, {
    hint: 'Choose a folder of TIFF, PNG or JPEG slices, an OME-Zarr folder, or a TIFF, MRC, NRRD or HDF5 file.',
    data: { file: name },
  });
}
