import type { FileIdentity, FileSystem, OpenFile } from '../file-system';
import type { JournalSegment } from './journal-segment';

/**
 * Looks whether files are still what was written under their names. A sync
 * client that puts a copy in the place of a file leaves the writer with one
 * that nobody will find.
 */
export class SegmentWatch {
  private readonly identities = new Map<string, FileIdentity>();
  /** False on a file system that numbers an open file otherwise than its name: there names and lengths must do. */
  private numbered = true;

  constructor(private readonly files: FileSystem) {}

  /** A file that was opened just now. */
  async opened(path: string, file: OpenFile): Promise<void> {
    const identity = await file.identity();
    const named = await this.files.status(path);
    if (named && named.identity !== identity) this.numbered = false;
    this.identities.set(path, identity);
  }

  /** Whether each is where it was, at least as long as what is good in it. */
  async areInPlace(segments: readonly JournalSegment[]): Promise<boolean> {
    const found = await Promise.all(segments.map((segment) => this.isInPlace(segment)));
    return found.every(Boolean);
  }

  private async isInPlace({ path, bytes }: JournalSegment): Promise<boolean> {
    const there = await this.files.status(path);
    if (there?.kind !== 'file' || there.bytes < bytes) return false;
    const known = this.identities.get(path);
    if (known === undefined) this.identities.set(path, there.identity);
    if (!this.numbered || known === undefined || known === null) return true;
    return there.identity === known;
  }
}
