import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MembranaError } from '#contract/errors';
import { readModelFile } from '../models/model-folder';
import { listModels, type StoredModel } from '../models/model-store';
import type { Arguments } from './arguments';
import type { Places } from './context';

export function bundledModels(places: Places): string {
  return join(places.resources, 'models');
}

/**
 * MODEL on the command line: a folder, or the name of a bundled model.
 * @throws MembranaError model.not-found with the names there are, model.corrupt
 */
export async function findModel(
  text: string,
  args: Arguments,
  places: Places,
): Promise<StoredModel> {
  const path = args.path(text);
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory()) return { folder: path, file: await readModelFile(path) };
  const { models } = await listModels(bundledModels(places));
  const bundled = models.find(({ file }) => file.name === text || String(file.id) === text);
  if (bundled) return bundled;
  if (there !== null) {
    throw new MembranaError('model.not-found', `"${text}" is a file, not a model folder.`, {
      hint: 'Give the folder that holds model.json and weights.bin; unpack a .zip first.',
      data: { model: text },
    });
  }
  const names = models.map(({ file }) => file.name).join(', ');
  throw new MembranaError('model.not-found', `There is no model "${text}".`, {
    hint: `Give a model folder, or one of the bundled models: ${names === '' ? 'there are none' : names}.`,
    data: { model: text },
  });
}
