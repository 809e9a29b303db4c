import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import { ViewState, type LabelClass, type StackInfo } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { LayerId, ProjectId } from '#contract/ids';
import { INTERIOR, MEMBRANE } from '#contract/label-byte';
import { writeFileAtomic } from '../storage/atomic-file';
import { insideFolder } from '#main/storage/inside-folder';
import { makeFolderDurably, systemCode, type FileSystem } from '../storage/file-system';
import { journalFolder } from '../storage/journal/journal-segment';
import { fencedFiles } from '../storage/lock/fenced-files';
import { withFolder } from '../storage/journal/rescue-files';
import { Project } from './project';
import { readDocument, ProjectDocument } from './project-document';
import {
  encodeProjectFile,
  PROJECT_FORMAT,
  type ProjectFile,
  type SourceFingerprint,
} from './project-file';
import { ProjectLock, type LockResult } from '../storage/lock/project-lock';
import { projectReadme } from './project-readme';
import { newStackEntry } from './project-stack';
import { FIRST_STACK } from './work/audit-file';
import { defaultStorage, type StorageOptions } from './storage-options';
import { writeFailure } from '../storage/write-errors';

/** Colours of the Okabe–Ito palette, which people with any colour vision tell apart; its green says that something is reviewed. */
const defaultClasses: LabelClass[] = [
  { id: INTERIOR, name: 'interior', colour: '#56b4e9', key: 1, locked: false },
  { id: MEMBRANE, name: 'membrane', colour: '#e69f00', key: 2, locked: false },
];

const FIRST_LAYER = LayerId.parse('membranes');

export interface NewProject {
  /** The project folder to make, Name.emproj. */
  readonly folder: string;
  readonly name: string;
  readonly stackPath: string;
  readonly stackInfo: StackInfo;
  readonly fingerprint: SourceFingerprint;
}

/**
 * Makes the project folder and opens it for writing.
 *
 * @throws MembranaError file.write-failed (also when a project is there already), disk.full
 */
export async function createProject(
  wanted: NewProject,
  options: Partial<StorageOptions> = {},
): Promise<Project> {
  const { files: disk, reserveBytes } = { ...defaultStorage, ...options };
  const { name, stackPath, stackInfo, fingerprint } = wanted;
  const folder = await newFolder(disk, wanted.folder);
  const files = insideFolder(disk, folder);
  const room = { files, reserveBytes: reserveBytes };
  const file = join(folder, 'project.json');
  if (await files.status(file))
    throw new MembranaError('file.write-failed', `${basename(folder)} is a project already.`, {
      hint: 'Open it, or choose another name.',
      data: { file: basename(folder) },
    });
  const content: ProjectFile = {
    format: PROJECT_FORMAT,
    minimumReader: PROJECT_FORMAT,
    id: ProjectId.parse(randomUUID()),
    name,
    created: new Date().toISOString(),
    stacks: [
      newStackEntry({
        id: FIRST_STACK,
        folder,
        stackPath,
        info: stackInfo,
        fingerprint,
        layer: FIRST_LAYER,
      }),
    ],
    shown: { stack: FIRST_STACK, layer: FIRST_LAYER },
    classes: defaultClasses,
    stepSequence: 0,
    view: ViewState.parse({
      ...{ z: 0, zoom: null, centre: null, window: null },
      mask: { kind: 'model' },
    }),
    model: null,
    modelNotes: [],
  };
  try {
    for (const part of ['labels', 'journal', 'models', 'predictions', 'cache'])
      await makeFolderDurably(files, join(folder, part));
  } catch (error) {
    throw writeFailure(folder, error);
  }
  const readme = new TextEncoder().encode(projectReadme);
  await writeFileAtomic(join(folder, 'README.txt'), readme, room);
  // Last, because a folder with this file is a project.
  await writeFileAtomic(file, encodeProjectFile(content), room);
  return openProject(folder, { readOnlyIfLocked: false }, options);
}

/** Makes the folder of a project; one that is there, also by a link, is taken. Returns its real path. */
async function newFolder(disk: FileSystem, folder: string): Promise<string> {
  try {
    await makeFolderDurably(disk, folder);
    return await disk.realPath(folder);
  } catch (error) {
    throw writeFailure(folder, error);
  }
}

/**
 * Opens a project folder: lock, newest valid checkpoint, replay of the
 * journal. With `readOnlyIfLocked` a project that is open elsewhere, that a
 * newer version wrote, or whose folder can't be written to opens for reading
 * and says why.
 *
 * @throws MembranaError project.not-a-project, project.corrupt,
 *   project.newer-version, project.locked, file.*
 */
export async function openProject(
  place: string,
  access: { readonly readOnlyIfLocked: boolean },
  options: Partial<StorageOptions> = {},
): Promise<Project> {
  const { files: disk, ...budgets } = { ...defaultStorage, ...options };
  // The folder itself may be reached by a link; inside it none is followed.
  const folder = await disk.realPath(place);
  const inside = insideFolder(disk, folder);
  const files = budgets.rescue === null ? inside : withFolder(inside, budgets.rescue, disk);
  const storage: StorageOptions = { ...budgets, files };
  const read = await readDocument(files, folder);
  const openForReading = (reason: string): Promise<Project> => {
    const document = new ProjectDocument(files, folder, read.content, storage.onWarning);
    return Project.open({ folder, document, storage, holding: { kind: 'read-only', reason } });
  };
  if (read.age === 'newer')
    return openForReading('It was last saved by a newer version of Membrana.');
  const result = await acquireLock(files, folder);
  if (result.kind === 'unwritable') {
    if (!access.readOnlyIfLocked) throw result.failure;
    return openForReading('Its folder can’t be written to.');
  }
  if (result.kind === 'busy') {
    if (access.readOnlyIfLocked) return openForReading(result.reason);
    throw new MembranaError(
      'project.locked',
      `${basename(folder)} can't be opened for writing. ${result.reason}`,
      {
        hint: 'Close it there, or open it read-only.',
        data: { project: basename(folder) },
      },
    );
  }
  const { lock, takenOver } = result;
  const fenced: StorageOptions = { ...storage, files: fencedFiles(files, folder, lock) };
  try {
    await makeFolderDurably(files, journalFolder(folder));
    // Another process may have written it between our look and our lock.
    const current = await readDocument(files, folder);
    const document = new ProjectDocument(fenced.files, folder, current.content, storage.onWarning);
    // The new format is on the disk before anything that an older reader would not understand.
    if (current.fromBackup || current.age === 'older') await document.change({});
    await document.backUp();
    return await Project.open({
      folder,
      document,
      storage: fenced,
      holding: { kind: 'read-write', lock, cleanShutdown: takenOver === null },
    });
  } catch (error) {
    await lock.release().catch(() => undefined);
    throw writeFailure(folder, error);
  }
}

/** A disk that is mounted for reading, or a folder of someone else. */
const unwritable = new Set(['EROFS', 'EACCES', 'EPERM']);

async function acquireLock(
  files: FileSystem,
  folder: string,
): Promise<LockResult | { readonly kind: 'unwritable'; readonly failure: MembranaError }> {
  try {
    return await ProjectLock.acquire(files, folder);
  } catch (error) {
    const failure = writeFailure(join(folder, 'lock'), error);
    if (unwritable.has(systemCode(error))) return { kind: 'unwritable', failure };
    throw failure;
  }
}
