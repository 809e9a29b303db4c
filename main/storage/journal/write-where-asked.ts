import { basename, join } from 'node:path';
import { writeFileAtomic } from '../atomic-file';
import { encodeRecord, type JournalRecord } from './journal-record';
import { segmentPath } from './journal-segment';
import type { SegmentParts } from './segment-parts';

/**
 * Asks the user for folders until one takes the records, as a file of the
 * journal with this number; false when the user names none.
 */
export async function writeWhereAsked(
  { folder: journal, generation, askPlace, onMoved }: SegmentParts,
  number: number,
  records: readonly JournalRecord[],
): Promise<boolean> {
  const bytes = Buffer.concat(records.map(encodeRecord));
  const file = basename(segmentPath(journal, number, generation.generation));
  for (let folder = await askPlace(); folder !== null; folder = await askPlace())
    try {
      await writeFileAtomic(join(folder, file), bytes, { reserveBytes: 0 });
      onMoved({ place: 'chosen', records: records.length, file });
      return true;
    } catch {
      // Another one may take it.
    }
  return false;
}
