import { MembranaError } from '#contract/errors';
import type { StorageOptions } from './storage-options';
import { diskFull } from '../storage/write-errors';

/** Warns where the disk of a project is nearly full; `laid`: the reserve is in place. */
export async function warnOfFullDisk(
  folder: string,
  storage: StorageOptions,
  laid: boolean,
): Promise<void> {
  const free = await storage.files.freeBytes(folder);
  if (laid && (free === null || free >= storage.warnBytes)) return;
  const megabytes = String(Math.floor((free ?? 0) / 1e6));
  storage.onWarning(
    laid
      ? new MembranaError('disk.full', `Only ${megabytes} MB are free on the project's disk.`, {
          hint: 'Free some space soon; painting goes on until the disk is full.',
          safe: 'Everything that was reported saved is on the disk.',
          data: { freeBytes: free },
        })
      : diskFull('the journal'),
  );
}
