import { join } from 'node:path';
import type { FileSystem } from '../file-system';

export function versionsFolder(project: string): string {
  return join(project, 'versions');
}

function padded(number: number): string {
  return String(number).padStart(6, '0');
}

/** The record of a version. */
export function versionPath(project: string, number: number): string {
  return join(versionsFolder(project), `${padded(number)}.json`);
}

/** The chunks that a version added to those of the versions before it. */
export function packPath(project: string, number: number): string {
  return join(versionsFolder(project), `${padded(number)}.pack`);
}

async function numbersOf(files: FileSystem, project: string, ending: RegExp): Promise<number[]> {
  const names = await files.list(versionsFolder(project));
  return names.flatMap((name) => {
    const match = ending.exec(name);
    return match ? [Number(match[1])] : [];
  });
}

/** Numbers of the versions that are there, ascending. */
export async function versionNumbers(files: FileSystem, project: string): Promise<number[]> {
  return (await numbersOf(files, project, /^(\d{6,9})\.json$/)).sort((a, b) => a - b);
}

/** A number that no file of a version has had, not even one that was never finished. */
export async function nextVersion(files: FileSystem, project: string): Promise<number> {
  return 1 + Math.max(0, ...(await numbersOf(files, project, /^(\d{6,9})\.(?:json|pack)$/)));
}
