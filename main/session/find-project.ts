import { mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { nodeFileSystem } from '#main/project/file-system';
import { insideFolder } from '#main/storage/inside-folder';
import { readDocument } from '#main/project/project-document';
import { sameFingerprint, type StackFingerprint } from '#main/stacks/fingerprint';

async function isAbout(folder: string, fingerprint: StackFingerprint): Promise<boolean> {
  try {
    const real = await realpath(folder);
    const { content } = await readDocument(insideFolder(nodeFileSystem, real), real);
    return content.stacks.some(({ source }) => sameFingerprint(source.fingerprint, fingerprint));
  } catch {
    // Gone, damaged, or of a newer version: not one to open without being asked.
    return false;
  }
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
  const names = await readdir(projects).catch(() => []);
  const own = names
    .filter((name) => extname(name) === '.emproj')
    .map((name) => join(projects, name));
  for (const folder of new Set([...known, ...own])) {
    if (await isAbout(folder, fingerprint)) return realpath(folder);
  }
  return null;
}

/** Characters that some file system refuses, and those that would start an option or hide the folder. */
function plainName(name: string): string {
  const kept = name.replace(/[<>:"/\\|?*\p{Cc}]/gu, '-').replace(/^[.\-\s]+|[.\s]+$/g, '');
  return kept === '' ? 'Stack' : kept.slice(0, 80);
}

/** A project folder for a stack that does not exist yet: Name.emproj, Name 2.emproj, … */
export async function newProjectFolder(
  stackPath: string,
  projects: string,
): Promise<{ readonly folder: string; readonly name: string }> {
  await mkdir(projects, { recursive: true });
  const parent = await realpath(projects);
  const base = plainName(basename(stackPath, extname(stackPath)).replace(/\.ome$/i, ''));
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? base : `${base} ${count}`;
    const folder = join(parent, `${name}.emproj`);
    if ((await stat(folder).catch(() => null)) === null) return { folder, name };
  }
}
