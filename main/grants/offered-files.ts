import { stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Grant } from '#contract/entities';
import { MembranaError, toErrorReport, type ErrorReport } from '#contract/errors';
import { isStackFolder } from '../stacks/formats';
import { fileOfPath } from '../stacks/hdf5/inner-path';
import type { GrantTable } from './grant-table';

/** What a person drops or names on the command line at once; more is a mistake. */
const MOST_FILES = 64;

async function kindOf(path: string): Promise<'stack' | 'project'> {
  const { file } = await fileOfPath(path);
  const found = await stat(file).catch((cause: unknown) => {
    throw new MembranaError('file.not-found', `There is no file ${basename(path)}.`, {
      hint: 'Check its name and that its drive is connected.',
      data: { file: basename(path) },
      cause,
    });
  });
  if (!found.isDirectory()) return 'stack';
  const project = await stat(join(path, 'project.json')).catch(() => null);
  if (project?.isFile() === true || extname(path) === '.emproj') return 'project';
  if (await isStackFolder(path)) return 'stack';
  throw new MembranaError(
    'project.not-a-project',
    `${basename(path)} is a folder, but neither a stack nor a Membrana project.`,
    {
      hint: 'Open a TIFF, HDF5, MRC or NRRD file, a folder of slices, an OME-Zarr, or a folder whose name ends in .emproj.',
      data: { folder: basename(path) },
    },
  );
}

export interface OfferedFiles {
  readonly grants: readonly Grant[];
  readonly refused: readonly ErrorReport[];
}

/** Grants files that came from outside the window (dropped, launched with); what can't be opened is told by name. */
export async function offerFiles(
  table: GrantTable,
  paths: readonly string[],
): Promise<OfferedFiles> {
  const grants: Grant[] = [];
  const refused: ErrorReport[] = [];
  for (const path of paths.slice(0, MOST_FILES)) {
    try {
      const kind = await kindOf(path);
      grants.push(await table.grant(path, kind));
    } catch (error) {
      refused.push(toErrorReport(error));
    }
  }
  return { grants, refused };
}
