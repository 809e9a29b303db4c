import { parseCommitName } from './commit-record';
import { parseFileNumber } from '../file-number';
import type { FileSystem } from '../file-system';
import { journalFolder } from '../journal/journal-segment';
import { readLastSaved } from '../journal/last-saved';

/** The highest generation that left a trace in the project: in last-saved.bin or in the names of the journal. */
export async function latestGeneration(files: FileSystem, project: string): Promise<number> {
  const saved = await readLastSaved(files, project);
  const names = await files.list(journalFolder(project));
  const named = names.map(
    (name) =>
      parseCommitName(name)?.generation ?? parseFileNumber(/-g(\d+)\b.*\.log/.exec(name)?.[1]) ?? 0,
  );
  return Math.max(saved?.generation ?? 0, ...named);
}
