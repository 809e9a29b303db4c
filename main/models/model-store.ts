import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { ModelVersion } from '#contract/entities';
import { MembranaError, toErrorReport, type ErrorReport } from '#contract/errors';
import { ModelId } from '#contract/ids';
import { freeVersionName } from '#contract/version-name';
import { notAFolder } from '#main/storage/entry-errors';
import type { FileSystem } from '#main/storage/file-system';
import { insideFolder } from '#main/storage/inside-folder';
import { nodeFileSystem } from '#main/storage/node-file-system';
import { toModelVersion } from './model-card';
import type { ModelDraft, ModelFile } from './model-file';
import { readModelFile, writeModel } from './model-folder';

export interface StoredModel {
  readonly folder: string;
  readonly file: ModelFile;
}

/** A folder that should be a model and isn't; listed so that it doesn't vanish without a word. */
export interface DamagedModel {
  readonly folder: string;
  readonly error: ErrorReport;
}

export interface ModelListing {
  readonly models: readonly StoredModel[];
  readonly damaged: readonly DamagedModel[];
}

/** More versions than anybody looks through; the newest are listed. */
const MOST_MODELS = 500;

function tooMany(folder: string, count: number): DamagedModel {
  const error = new MembranaError(
    'model.not-found',
    `${basename(folder)} holds ${count} model versions; the newest ${MOST_MODELS} are listed.`,
    {
      hint: 'Move versions that you do not need out of that folder.',
      data: { folder: basename(folder), count },
    },
  );
  return { folder, error: toErrorReport(error) };
}

/**
 * All versions in the sub-folders of `folder`, oldest first; none when it
 * doesn't exist. `files` is the door where the folder is part of a project.
 */
export async function listModels(
  folder: string,
  files: FileSystem = nodeFileSystem,
): Promise<ModelListing> {
  const models: StoredModel[] = [];
  const damaged: DamagedModel[] = [];
  const read = async (name: string): Promise<void> => {
    const path = join(folder, name);
    const kind = (await files.status(path))?.kind ?? 'file';
    if (kind === 'file') return;
    if (kind !== 'folder') throw notAFolder(name, kind);
    models.push({ folder: path, file: await readModelFile(path, { files, folder: path }) });
  };
  let names: string[] = [];
  try {
    names = (await files.list(folder)).filter((name) => !name.startsWith('.'));
  } catch (error) {
    damaged.push({ folder, error: toErrorReport(error) });
  }
  if (names.length > MOST_MODELS) damaged.push(tooMany(folder, names.length));
  for (const name of names.slice(-MOST_MODELS)) {
    try {
      await read(name);
    } catch (error) {
      damaged.push({ folder: join(folder, name), error: toErrorReport(error) });
    }
  }
  models.sort((a, b) => a.file.created.localeCompare(b.file.created));
  return { models, damaged };
}

/** "m-20261123-142501-3fa9": sorts by time, unique without asking anybody. */
export function newModelId(now = new Date()): ModelId {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return ModelId.parse(`m-${stamp}-${randomBytes(2).toString('hex')}`);
}

/**
 * The model versions that a project can use: those that came with the app and
 * its own. Versions are added, never changed.
 */
export class ModelStore {
  constructor(
    private readonly bundledFolder: string,
    /** null = no project is open; nothing can be added. */
    private readonly projectFolder: string | null,
  ) {}

  /** The project's own door: its folder is the one above that of the models. */
  private door(projectFolder: string): FileSystem {
    return insideFolder(nodeFileSystem, dirname(projectFolder));
  }

  async list(): Promise<ModelListing> {
    const { projectFolder } = this;
    const bundled = await listModels(this.bundledFolder);
    const own =
      projectFolder === null ? null : await listModels(projectFolder, this.door(projectFolder));
    return {
      models: [...bundled.models, ...(own?.models ?? [])],
      damaged: [...bundled.damaged, ...(own?.damaged ?? [])],
    };
  }

  /** The versions as the window shows them; of several with one name, as earlier releases made them, the later ones are counted on. */
  async versions(): Promise<ModelVersion[]> {
    const versions = (await this.list()).models.map(({ file }) => toModelVersion(file));
    const taken = versions.map(({ name }) => name);
    const seen = new Set<string>();
    return versions.map((version) => {
      const name = seen.has(version.name) ? freeVersionName(version.name, taken) : version.name;
      seen.add(name);
      taken.push(name);
      return { ...version, name };
    });
  }

  /** @throws MembranaError model.not-found, or the reason why that version can't be read */
  async find(id: ModelId): Promise<StoredModel> {
    const { models, damaged } = await this.list();
    const model = models.find(({ file }) => file.id === id);
    if (model) return model;
    const broken = damaged.find(({ folder }) => basename(folder) === String(id));
    if (broken) {
      const { code, message, hint, data } = broken.error;
      throw new MembranaError(code, message, { hint, data });
    }
    throw new MembranaError('model.not-found', `There is no model version "${id}".`, {
      hint: 'Choose a model from the list.',
      data: { model: id },
    });
  }

  /**
   * Adds a version to the project. Where another one has its name already, it
   * gets the next number of that line.
   * @throws MembranaError model.not-found without a project, disk.full, file.write-failed
   */
  async add(draft: ModelDraft, weights: Float32Array): Promise<StoredModel> {
    const { projectFolder } = this;
    if (projectFolder === null) {
      throw new MembranaError('model.not-found', 'No project is open to keep the model in.', {
        hint: 'Open a stack or a project first.',
      });
    }
    const folder = join(projectFolder, draft.id);
    const taken = (await this.versions()).map(({ name }) => name);
    const named = { ...draft, name: freeVersionName(draft.name, taken) };
    return { folder, file: await writeModel(folder, named, weights, {}, this.door(projectFolder)) };
  }
}
