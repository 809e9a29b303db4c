import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MembranaError } from '#contract/errors';
import { modelFile, ModelFile, sha256, weightBytes, type ModelDraft } from './model-file';

/** A card is a few hundred kB with a long curve; anything much larger is not one. */
const LARGEST_CARD = 16 * 1024 * 1024;
const LARGEST_WEIGHTS = 1024 * 1024 * 1024;

export interface LoadedModel {
  readonly folder: string;
  readonly file: ModelFile;
  readonly weights: Uint8Array;
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function corrupt(folder: string, reason: string): MembranaError {
  const name = basename(folder);
  return new MembranaError('model.corrupt', `The model "${name}" can't be used: ${reason}.`, {
    hint: 'Choose another model version, or copy this one again from where it came.',
    data: { model: name, reason },
  });
}

async function readLimited(path: string, folder: string, limit: number): Promise<Buffer> {
  const name = basename(path);
  try {
    const { size } = await stat(path);
    if (size > limit) throw corrupt(folder, `${name} is larger than any model (${size} bytes)`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof MembranaError) throw error;
    if (errorCode(error) === 'ENOENT') throw corrupt(folder, `${name} is missing`);
    throw new MembranaError('file.unreadable', `${name} of "${basename(folder)}" can't be read.`, {
      hint: 'Check the drive and the permissions of the model folder.',
      data: { file: name, system: errorCode(error) },
      cause: error,
    });
  }
}

/**
 * Reads and checks `model.json` alone.
 * @throws MembranaError model.not-found, model.corrupt, file.unreadable
 */
export async function readModelFile(folder: string): Promise<ModelFile> {
  const name = basename(folder);
  const there = await stat(folder).catch(() => null);
  if (!there?.isDirectory()) {
    throw new MembranaError('model.not-found', `There is no model folder "${name}".`, {
      hint: 'Give the folder that holds model.json and weights.bin, or the name of a bundled model.',
      data: { model: name },
    });
  }
  const text = (await readLimited(join(folder, 'model.json'), folder, LARGEST_CARD)).toString();
  let json: unknown;
  try {
    json = JSON.parse(text);
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

/**
 * Reads a model version and checks its weights against the card: length and
 * SHA-256. Whether they fit the network is the engine side's check.
 * @throws MembranaError model.not-found, model.corrupt, model.shape-mismatch, file.unreadable
 */
export async function readModel(folder: string): Promise<LoadedModel> {
  const file = await readModelFile(folder);
  const weights = await readLimited(join(folder, file.weights.file), folder, LARGEST_WEIGHTS);
  if (weights.length !== file.parameters * 4) {
    throw new MembranaError(
      'model.shape-mismatch',
      `The weights of "${basename(folder)}" hold ${weights.length} bytes, but its network has ${file.parameters} parameters (${file.parameters * 4} bytes).`,
      {
        hint: 'The weight file was cut off or belongs to another model: copy both files again.',
        data: {
          model: basename(folder),
          expected: file.parameters * 4,
          found: weights.length,
        },
      },
    );
  }
  if (sha256(weights) !== file.weights.sha256)
    throw corrupt(folder, 'the checksum of weights.bin does not match model.json');
  return { folder, file, weights };
}

async function writeFlushed(path: string, bytes: Uint8Array | string): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a rename durable; folders can't be flushed on Windows. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
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
): Promise<ModelFile> {
  const file = modelFile(draft, weights);
  const parent = dirname(folder);
  const temporary = join(parent, `.${basename(folder)}-${randomUUID()}`);
  try {
    await mkdir(temporary, { recursive: true });
    await writeFlushed(join(temporary, 'model.json'), `${JSON.stringify(file, null, 1)}\n`);
    await writeFlushed(join(temporary, file.weights.file), weightBytes(weights));
    for (const [name, text] of Object.entries(texts))
      await writeFlushed(join(temporary, name), text);
    if ((await stat(folder).catch(() => null)) !== null) throw exists(folder);
    await rename(temporary, folder);
    await flushFolder(parent);
    return file;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
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
  const system = errorCode(error);
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
