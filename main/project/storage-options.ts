import type { MembranaError } from '#contract/errors';
import type { LabelBudgets } from '../labels/project-labels';
import { type FileSystem } from '../storage/file-system';
import { nodeFileSystem } from '../storage/node-file-system';
import { SEGMENT_BYTES } from '../storage/journal/journal';

/** How a project uses memory and disk. */
export interface StorageOptions extends LabelBudgets {
  readonly files: FileSystem;
  readonly segmentBytes: number;
  /** Space kept so that the journal can finish on a full disk. */
  readonly reserveBytes: number;
  /** Free space under which the user is warned. */
  readonly warnBytes: number;
  /** Folder for strokes of projects whose own folder vanished while they are open; null = none. */
  readonly rescue: string | null;
  /** Asks the user for a folder for strokes that find no place when the project closes; null = none. */
  readonly askPlace: () => Promise<string | null>;
  readonly onWarning: (error: MembranaError) => void;
}

const MIB = 1 << 20;

export const defaultStorage: StorageOptions = {
  files: nodeFileSystem,
  segmentBytes: SEGMENT_BYTES,
  reserveBytes: 64 * MIB,
  warnBytes: 512 * MIB,
  rescue: null,
  askPlace: () => Promise.resolve(null),
  cacheBytes: 128 * MIB,
  dirtyBytes: 64 * MIB,
  checkpointMs: 5 * 60_000,
  undoBytes: 64 * MIB,
  onWarning: () => undefined,
};
