import { basename, dirname, join, relative, sep } from 'node:path';
import { MembranaError } from '#contract/errors';
import type { Project } from '../project/project';
import type { FileSystem } from '../storage/file-system';
import { nodeFileSystem } from '../storage/node-file-system';

/** Where a path really lies, also of what is not there yet. */
async function realPlace(files: FileSystem, path: string): Promise<string> {
  if ((await files.status(path)) !== null) return files.realPath(path);
  return join(await files.realPath(dirname(path)), basename(path));
}

/** Whether one of two paths is the other, or lies in it. */
function touch(a: string, b: string): boolean {
  const inside = (path: string, folder: string): boolean => {
    const way = relative(folder, path);
    return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && way !== path);
  };
  return inside(a, b) || inside(b, a);
}

/**
 * An export never lies in the place of a stack of its project, nor in the
 * project.
 * @throws MembranaError export.same-file
 */
export async function assertTarget(
  path: string,
  { stackPaths, folder }: Pick<Project, 'stackPaths' | 'folder'>,
  files: FileSystem = nodeFileSystem,
): Promise<void> {
  const target = await realPlace(files, path);
  const taken = [
    ...stackPaths.map((place) => ({ place, what: 'a stack of this project' })),
    { place: folder, what: 'the project' },
  ];
  for (const { place, what } of taken) {
    if (!touch(target, await realPlace(files, place))) continue;
    const name = basename(path);
    throw new MembranaError('export.same-file', `${name} would be written over ${what}.`, {
      hint: 'Choose another name or another folder.',
      safe: 'Nothing was written.',
      data: { file: name },
    });
  }
}
