import { basename, extname, join } from 'node:path';
import { readDocument } from '#main/project/project-document';
import { sameFingerprint, type StackFingerprint } from '#main/stacks/fingerprint';
import { disks } from '#main/storage/answering-disks';
import { insideFolder } from '#main/storage/inside-folder';
import { nodeFileSystem } from '#main/storage/node-file-system';

/** The real folder of a project that is about that stack; null for any other, and for one that does not say. */
async function ifAbout(folder: string, fingerprint: StackFingerprint): Promise<string | null> {
  try {
    return await disks.ask(folder, async () => {
      const real = await nodeFileSystem.realPath(folder);
      const { content } = await readDocument(insideFolder(nodeFileSystem, real), real);
      const listed = content.stacks.filter((entry) => entry.listed);
      const known = listed.map(({ source }) => source.fingerprint);
      return known.some((one) => sameFingerprint(one, fingerprint)) ? real : null;
    });
  } catch {
    // Gone, damaged, of a newer version, on a disk that is silent: not one to open without being asked.
    return null;
  }
}

/** Project folders in the folder of new projects; none where that can't be read. */
async function projectsIn(projects: string): Promise<string[]> {
  const names = await disks
    .ask(projects, () => nodeFileSystem.list(projects))
    .catch((): string[] => []);
  return names.filter((name) => extname(name) === '.emproj').map((name) => join(projects, name));
}

/**
 * The project of a stack: among those opened before, newest first, then in the
 * folder of new projects. Null when this stack has not been seen.
 */
export async function findProject(
  fingerprint: StackFingerprint,
  known: readonly string[],
  projects: string,
): Promise<string | null> {
  for (const folder of known) {
    const found = await ifAbout(folder, fingerprint);
    if (found !== null) return found;
  }
  for (const folder of await projectsIn(projects)) {
    const found = known.includes(folder) ? null : await ifAbout(folder, fingerprint);
    if (found !== null) return found;
  }
  return null;
}

/** Characters that some file system refuses, and those that would start an option or hide the folder. */
function plainName(name: string): string {
  const kept = name.replace(/[<>:"/\\|?*\p{Cc}]/gu, '-').replace(/^[.\-\s]+|[.\s]+$/g, '');
  return kept === '' ? 'Stack' : kept.slice(0, 80);
}

/** A project folder for a stack that does not exist yet in `parent`: Name.emproj, Name 2.emproj, … */
export async function newProjectFolder(
  stackPath: string,
  parent: string,
): Promise<{ readonly folder: string; readonly name: string }> {
  const base = plainName(basename(stackPath, extname(stackPath)).replace(/\.ome$/i, ''));
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? base : `${base} ${count}`;
    const folder = join(parent, `${name}.emproj`);
    if ((await nodeFileSystem.status(folder)) === null) return { folder, name };
  }
}
