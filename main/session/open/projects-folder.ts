import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { MembranaError } from '#contract/errors';
import { limits } from '#contract/limits';
import type { Log } from '#main/diagnostics/log';
import { JsonStore, type ReplaceFile } from '#main/storage/json-store';
import { disks } from '#main/storage/answering-disks';
import { systemCode, unlinkIfThere } from '#main/storage/file-system';
import { nodeFileSystem } from '#main/storage/node-file-system';

/** Where the user wants new projects; null = where the system keeps documents. */
const Stored = z.object({ projects: z.string().min(1).max(limits.path).nullable() });

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EROFS: 'its disk can only be read',
  EEXIST: 'a file is in its place',
  ENOTDIR: 'a file is in its place',
  ENOENT: 'its disk is not there',
  ENOSPC: 'its disk is full',
  EDQUOT: 'your share of its disk is full',
};

function unusable(name: string, cause: unknown): MembranaError {
  const system = systemCode(cause);
  const told = cause instanceof MembranaError ? 'its disk does not answer' : null;
  const reason = told ?? reasons[system] ?? (system === '' ? 'it can’t be used' : system);
  return new MembranaError(
    'project.no-folder',
    `New projects can’t be kept in the folder “${name}”: ${reason}.`,
    {
      hint: 'Choose another folder for new projects, or put this one right and open the stack again.',
      safe: 'Nothing was changed; projects that exist stay where they are.',
      data: { folder: name, reason },
      cause,
    },
  );
}

/** The folder that new projects are made in: the usual one, or the one that the user chose instead. */
export class ProjectsFolder {
  private constructor(
    private readonly usual: string,
    private readonly store: JsonStore<z.infer<typeof Stored>>,
  ) {}

  /** `usual` is where projects go until the user says otherwise; `userData` keeps the choice. */
  static async open(
    usual: string,
    userData: string,
    replaceFile: ReplaceFile,
    log: Log,
  ): Promise<ProjectsFolder> {
    const path = join(userData, 'projects-folder.json');
    const parse = (json: unknown): z.infer<typeof Stored> => Stored.parse(json);
    const initial = { projects: null };
    return new ProjectsFolder(
      usual,
      await JsonStore.open({ path, parse, initial, replaceFile, log }),
    );
  }

  get path(): string {
    return this.store.value.projects ?? this.usual;
  }

  get name(): string {
    return basename(this.path);
  }

  /**
   * Makes it where it is missing and tries whether files can be made in it. Returns its real path.
   * @throws MembranaError project.no-folder
   */
  async ready(path = this.path): Promise<string> {
    const probe = join(path, `.membrana-${randomUUID()}.tmp`);
    try {
      return await disks.ask(path, async () => {
        await nodeFileSystem.makeFolder(path);
        const file = await nodeFileSystem.open(probe, 'wx');
        await file.close();
        await unlinkIfThere(nodeFileSystem, probe);
        return nodeFileSystem.realPath(path);
      });
    } catch (error) {
      throw unusable(basename(path), error);
    }
  }

  /** From now on new projects are made there. @throws MembranaError project.no-folder; then it stays as it was */
  async choose(path: string): Promise<void> {
    await this.store.set({ projects: await this.ready(path) });
  }
}
