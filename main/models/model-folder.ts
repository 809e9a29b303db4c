import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { MembranaError } from '#contract/errors';
import {
  flushFolder,
  makeFolderDurably,
  systemCode,
  writeAll,
  type FileSystem,
} from '#main/storage/file-system';
import { insideFolder } from '#main/storage/inside-folder';
import { nodeFileSystem } from '#main/storage/node-file-system';
import { parseStrictJson } from '#main/storage/strict-json';
import { modelFile, ModelFile, sha256, weightBytes, type ModelDraft } from './model-file';

/** A card with the longest curve (20,000 points) has 2 MB; anything much larger is not one. */
const LARGEST_CARD = 8 << 20;
const encoder = new TextEncoder();

export interface LoadedModel {
  readonly folder: string;
  readonly file: ModelFile;
  readonly weights: Uint8Array;
}

function corrupt(folder: string, reason: string): MembranaError {
  const name = basename(folder);
  return new MembranaError('model.corrupt', `The model "${name}" can't be used: ${reason}.`, {
    hint: 'Choose another model version, or copy this one again from where it came.',
    data: { model: name, reason },
  });
}

/** The door to a model folder that a person named: reached by a link or not, inside it none is followed. */
async function namedFolder(folder: string): Promise<ModelPlace> {
  const root = await nodeFileSystem.realPath(folder);
  return { files: insideFolder(nodeFileSystem, root), folder: root };
}

/** A model folder and the door to it. */
export interface ModelPlace {
  readonly files: FileSystem;
  readonly folder: string;
}

async function readLimited({ files, folder }: ModelPlace, name: string, limit: number) {
  try {
    return await files.readFile(join(folder, name), limit);
  } catch (error) {
    if (error instanceof MembranaError) throw error;
    if (systemCode(error) === 'ENOENT') throw corrupt(folder, `${name} is missing`);
    throw new MembranaError('file.unreadable', `${name} of "${basename(folder)}" can't be read.`, {
      hint: 'Check the drive and the permissions of the model folder.',
      data: { file: name, system: systemCode(error) },
      cause: error,
    });
  }
}

/**
 * Reads and checks `model.json` alone; `place` where the folder is part of a project.
 * @throws MembranaError model.not-found, model.corrupt, file.unreadable, file.not-plain, file.too-large
 */
export async function readModelFile(folder: string, place?: ModelPlace): Promise<ModelFile> {
  const name = basename(folder);
  const from = place ?? (await namedFolder(folder));
  const there = await from.files.status(from.folder);
  if (there?.kind !== 'folder') {
    throw new MembranaError('model.not-found', `There is no model folder "${name}".`, {
      hint: 'Give the folder that holds model.json and weights.bin, or the name of a bundled model.',
      data: { model: name },
    });
  }
  const bytes = await readLimited(from, 'model.json', LARGEST_CARD);
  let json: unknown;
  try {
    json = parseStrictJson(new TextDecoder().decode(bytes));
  } catch {
    throw corrupt(folder, 'model.json is not JSON');
  }
  const parsed = ModelFile.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw corrupt(folder, `model.json, ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  return parsed.data;
}

function otherLength(folder: string, parameters: number, found: number): MembranaError {
  const expected = parameters * 4;
  return new MembranaError(
    'model.shape-mismatch',
    `The weights of "${basename(folder)}" hold ${found} bytes, but its network has ${parameters} parameters (${expected} bytes).`,
    {
      hint: 'The weight file was cut off or belongs to another model: copy both files again.',
      data: { model: basename(folder), expected, found },
    },
  );
}

/**
 * Reads a model version and checks its weights against the card: length and
 * SHA-256. Whether they fit the network is the engine side's check.
 * @throws MembranaError model.not-found, model.corrupt, model.shape-mismatch,
 *   file.unreadable, file.not-plain, file.too-large
 */
export async function readModel(folder: string): Promise<LoadedModel> {
  const place = await namedFolder(folder);
  const file = await readModelFile(folder, place);
  const path = join(place.folder, file.weights.file);
  const length = (await place.files.status(path))?.bytes ?? file.parameters * 4;
  // Before it is read: a file of another length is another file, however long it is.
  if (length !== file.parameters * 4) throw otherLength(folder, file.parameters, length);
  const weights = await readLimited(place, file.weights.file, file.parameters * 4);
  if (weights.length !== file.parameters * 4)
    throw otherLength(folder, file.parameters, weights.length);
  if (sha256(weights) !== file.weights.sha256)
    throw corrupt(folder, 'the checksum of weights.bin does not match model.json');
  return { folder, file, weights };
}

async function writeFlushed(files: FileSystem, path: string, bytes: Uint8Array): Promise<void> {
  const handle = await files.open(path, 'wx');
  try {
    await writeAll(handle, bytes, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a new version: either the whole folder appears or nothing does.
 * `texts` are further files, such as the licence.
 * @throws MembranaError file.write-failed when the folder exists, disk.full, file.write-failed
 */
export async function writeModel(
  folder: string,
  draft: ModelDraft,
  weights: Float32Array,
  texts: Readonly<Record<string, string>> = {},
  files: FileSystem = nodeFileSystem,
): Promise<ModelFile> {
  const file = modelFile(draft, weights);
  const parent = dirname(folder);
  const temporary = join(parent, `.${basename(folder)}-${randomUUID()}`);
  try {
    await makeFolderDurably(files, temporary);
    const contents = {
      'model.json': encoder.encode(`${JSON.stringify(file, null, 1)}\n`),
      [file.weights.file]: weightBytes(weights),
      ...Object.fromEntries(
        Object.entries(texts).map(([name, text]) => [name, encoder.encode(text)]),
      ),
    };
    for (const [name, bytes] of Object.entries(contents))
      await writeFlushed(files, join(temporary, name), bytes);
    if ((await files.status(folder)) !== null) throw exists(folder);
    await files.rename(temporary, folder);
    await flushFolder(files, parent);
    return file;
  } catch (error) {
    await files.removeFolder(temporary).catch(() => undefined);
    throw writeError(error, folder);
  }
}

function exists(folder: string): MembranaError {
  return new MembranaError('file.write-failed', `"${basename(folder)}" exists already.`, {
    hint: 'Model versions are never changed: choose another name, or delete the old folder first.',
    data: { model: basename(folder) },
  });
}

function writeError(error: unknown, folder: string): unknown {
  if (error instanceof MembranaError) return error;
  const system = systemCode(error);
  const data = { model: basename(folder), system };
  if (system === 'ENOTEMPTY' || system === 'EEXIST') return exists(folder);
  if (system === 'ENOSPC' || system === 'EDQUOT') {
    return new MembranaError('disk.full', 'The disk is full; the new model was not written.', {
      hint: 'Free some space, then train again.',
      safe: 'Labels and earlier models are kept.',
      data,
      cause: error,
    });
  }
  return new MembranaError('file.write-failed', 'The new model could not be written.', {
    hint: 'Check the drive and the permissions of the folder, then train again.',
    safe: 'Labels and earlier models are kept.',
    data,
    cause: error,
  });
}
