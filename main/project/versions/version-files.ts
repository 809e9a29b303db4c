import { join } from 'node:path';
import { fileNumber, numberAfter, parseFileNumber } from '../../storage/file-number';
import type { FileSystem } from '../../storage/file-system';

export function versionsFolder(project: string): string {
  return join(project, 'versions');
}

/** The record of a version. */
export function versionPath(project: string, number: number): string {
  return join(versionsFolder(project), `${fileNumber(number)}.json`);
}

/** The chunks that a version added to those of the versions before it. */
export function packPath(project: string, number: number): string {
  return join(versionsFolder(project), `${fileNumber(number)}.pack`);
}

async function numbersOf(files: FileSystem, project: string, ending: RegExp): Promise<number[]> {
  const names = await files.list(versionsFolder(project));
  return names.flatMap((name) => {
    const number = parseFileNumber(ending.exec(name)?.[1]);
    return number === null ? [] : [number];
  });
}

/** Numbers of the versions that are there, ascending. */
export async function versionNumbers(files: FileSystem, project: string): Promise<number[]> {
  return (await numbersOf(files, project, /^(\d+)\.json$/)).sort((a, b) => a - b);
}

/** A number that no file of a version has had, not even one that was never finished. @throws MembranaError project.corrupt */
export async function nextVersion(files: FileSystem, project: string): Promise<number> {
  return numberAfter(await numbersOf(files, project, /^(\d+)\.(?:json|pack)$/), 'another version');
}
