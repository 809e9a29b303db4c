import type { MembranaError } from '#contract/errors';
import type { ReserveFile } from '../reserve-file';
import type { FileSystem } from '../file-system';
import type { Generation, JournalRecord } from './journal-record';
import type { JournalSegment } from './journal-segment';
import type { Claim } from '../lock/fenced-files';

/**
 * Where records went that had to be written once more, and how many. In the
 * project, or, where its folder is gone, in the rescue folder; where that takes
 * nothing either, in a file in a folder that the user chose.
 */
export type Moved =
  | { readonly place: 'project' | 'rescue'; readonly records: number }
  | { readonly place: 'chosen'; readonly records: number; readonly file: string };

export interface SegmentParts {
  readonly files: FileSystem;
  readonly folder: string;
  /** Where records go when the project folder is gone; null = nowhere. */
  readonly rescue: string | null;
  readonly reserve: ReserveFile;
  /** What recovery found. */
  readonly segments: readonly JournalSegment[];
  readonly segmentBytes: number;
  /** This opening for writing, and earlier ones that are known. */
  readonly generation: Generation;
  readonly earlier: readonly Generation[];
  /** Last sequence that a checkpoint has, and the records past it, ascending. */
  readonly folded: number;
  readonly kept: readonly JournalRecord[];
  readonly claim: Claim;
  /** Called once when the reserve had to go. */
  readonly onDiskFull: (error: MembranaError) => void;
  /** The files were not where they belong, and everything since the last checkpoint was written again. */
  readonly onMoved: (moved: Moved) => void;
  /** Asks the user for a folder for records that find no place; null = none. */
  readonly askPlace: () => Promise<string | null>;
}
