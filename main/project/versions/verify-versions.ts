import { readFileIfSound, systemCode, type FileSystem } from '../../storage/file-system';
import { packPath, versionNumbers, versionPath } from './version-files';
import { LARGEST_VERSION, parseVersion, type VersionRecord } from './version-record';
import { readVersionTile } from './version-store';

async function problemOf(
  files: FileSystem,
  project: string,
  record: VersionRecord,
): Promise<string | null> {
  for (const tile of Object.values(record.tiles)) {
    try {
      if (await readVersionTile({ files, project }, tile)) continue;
      const pack = packPath(project, tile.pack);
      return `a tile of ${pack.slice(-'000001.pack'.length)} does not match its checksum`;
    } catch (error) {
      return `it can't be read (${systemCode(error)})`;
    }
  }
  return null;
}

/** Checks every version; `found` hears of each file, with null where it is whole. */
export async function verifyVersions(
  files: FileSystem,
  project: string,
  found: (path: string, problem: string | null) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (const number of await versionNumbers(files, project)) {
    signal?.throwIfAborted();
    const path = versionPath(project, number);
    const bytes = await readFileIfSound(files, path, LARGEST_VERSION);
    const record = bytes && parseVersion(bytes);
    found(path, record ? await problemOf(files, project, record) : 'its checksum does not match');
  }
}
