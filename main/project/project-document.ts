import { join } from 'node:path';
import { MembranaError } from '#contract/errors';
import { writeFileAtomic } from '../storage/atomic-file';
import { readFileIfSound, readFileIfThere, type FileSystem } from '../storage/file-system';
import { journalFolder } from '../storage/journal/journal-segment';
import {
  encodeProjectFile,
  parseProjectFile,
  type LoadedProject,
  type ProjectFile,
} from './project-file';

/** It holds a few hundred bytes a class and a number a slice. */
export const LARGEST_DOCUMENT = 8 << 20;

/** View changes wait this long, so that turning the wheel does not write a file a slice. */
const SAVE_DELAY_MS = 1000;

function backupPath(project: string): string {
  return join(journalFolder(project), 'project-backup.json');
}

export interface ReadDocument extends LoadedProject {
  /** project.json was damaged and its backup was read. */
  readonly fromBackup: boolean;
}

/**
 * Reads project.json, or its backup when that is damaged.
 *
 * @throws MembranaError project.not-a-project, project.corrupt, project.newer-version
 */
export async function readDocument(files: FileSystem, project: string): Promise<ReadDocument> {
  const bytes = await readFileIfThere(files, join(project, 'project.json'), LARGEST_DOCUMENT);
  const backup = await readFileIfSound(files, backupPath(project), LARGEST_DOCUMENT);
  if (!bytes && !backup)
    throw new MembranaError('project.not-a-project', 'This folder is not a Membrana project.', {
      hint: 'Choose a folder whose name ends in .emproj; it holds a file project.json.',
    });
  try {
    return { ...parseProjectFile(bytes ?? new Uint8Array()), fromBackup: false };
  } catch (error) {
    const damaged = error instanceof MembranaError && error.code === 'project.corrupt';
    if (!damaged || !backup) throw error;
    try {
      return { ...parseProjectFile(backup), fromBackup: true };
    } catch {
      throw error;
    }
  }
}

/** project.json in memory, written when it changed. */
export class ProjectDocument {
  private timer: NodeJS.Timeout | null = null;
  private saving: Promise<void> = Promise.resolve();
  private unsaved = false;

  constructor(
    private readonly files: FileSystem,
    private readonly project: string,
    private current: ProjectFile,
    private readonly onWarning: (error: MembranaError) => void,
  ) {}

  get content(): ProjectFile {
    return this.current;
  }

  /** Changes it in memory alone. */
  replace(change: Partial<ProjectFile>): void {
    this.current = { ...this.current, ...change };
  }

  /** Changes and writes it. @throws MembranaError disk.full, file.write-failed */
  async change(change: Partial<ProjectFile>): Promise<void> {
    this.replace(change);
    this.unsaved = true;
    await this.flush();
  }

  /** Changes it and writes it in a moment; a failure is a warning. */
  changeSoon(change: Partial<ProjectFile>): void {
    this.replace(change);
    this.unsaved = true;
    this.timer ??= setTimeout(() => {
      this.flush().catch((error: unknown) => {
        if (error instanceof MembranaError) this.onWarning(error);
      });
    }, SAVE_DELAY_MS);
    this.timer.unref();
  }

  /** Writes what is not yet written. */
  flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const result = this.saving.then(async () => {
      if (!this.unsaved) return;
      this.unsaved = false;
      try {
        await this.write(join(this.project, 'project.json'));
      } catch (error) {
        this.unsaved = true;
        throw error;
      }
    });
    this.saving = result.catch(() => undefined);
    return result;
  }

  /** Writes it again where something else lies in its place by now, as an older copy that a sync client put back. */
  async confirm(): Promise<void> {
    await this.saving;
    const path = join(this.project, 'project.json');
    const there = await readFileIfSound(this.files, path, LARGEST_DOCUMENT);
    if (there && Buffer.compare(there, encodeProjectFile(this.current)) === 0) return;
    await this.write(path);
  }

  /** Writes the copy that `readDocument` falls back on. */
  async backUp(): Promise<void> {
    await this.write(backupPath(this.project));
  }

  private async write(path: string): Promise<void> {
    const bytes = encodeProjectFile(this.current);
    await writeFileAtomic(path, bytes, { files: this.files, reserveBytes: 0 });
  }
}
