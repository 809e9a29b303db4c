import { randomBytes } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ModelVersion } from '#contract/entities';
import { MembranaError, toErrorReport, type ErrorReport } from '#contract/errors';
import { ModelId } from '#contract/ids';
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

/** All versions in the sub-folders of `folder`, oldest first; none when it doesn't exist. */
export async function listModels(folder: string): Promise<ModelListing> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const models: StoredModel[] = [];
  const damaged: DamagedModel[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    try {
      models.push({ folder: path, file: await readModelFile(path) });
    } catch (error) {
      damaged.push({ folder: path, error: toErrorReport(error) });
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

  async list(): Promise<ModelListing> {
    const bundled = await listModels(this.bundledFolder);
    const own = this.projectFolder === null ? null : await listModels(this.projectFolder);
    return {
      models: [...bundled.models, ...(own?.models ?? [])],
      damaged: [...bundled.damaged, ...(own?.damaged ?? [])],
    };
  }

  /** The versions as the window shows them. */
  async versions(): Promise<ModelVersion[]> {
    return (await this.list()).models.map(({ file }) => toModelVersion(file));
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
   * Adds a version to the project.
   * @throws MembranaError model.not-found without a project, disk.full, file.write-failed
   */
  async add(draft: ModelDraft, weights: Float32Array): Promise<StoredModel> {
    if (this.projectFolder === null) {
      throw new MembranaError('model.not-found', 'No project is open to keep the model in.', {
        hint: 'Open a stack or a project first.',
      });
    }
    await mkdir(this.projectFolder, { recursive: true });
    const folder = join(this.projectFolder, draft.id);
    return { folder, file: await writeModel(folder, draft, weights) };
  }
}
