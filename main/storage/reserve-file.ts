import { randomFillSync } from 'node:crypto';
import { join } from 'node:path';
import { unlinkIfThere, writeAll, type FileSystem } from './file-system';

/** Free space wanted beyond the reserve before it is laid again. */
const MARGIN_BYTES = 16 << 20;
const RETRY_MS = 1000;

/**
 * A file that only takes space. When the disk is full it is deleted, so that
 * the journal can finish what was begun; until it can be laid again, painting
 * is refused.
 */
export class ReserveFile {
  private readonly path: string;
  private laid = false;
  private lastTry = -Infinity;

  constructor(
    private readonly files: FileSystem,
    private readonly folder: string,
    private readonly bytes: number,
  ) {
    this.path = join(folder, 'ballast.bin');
  }

  get inPlace(): boolean {
    return this.laid;
  }

  /** Lays the reserve when it is missing and there is room; true when it is in place. */
  async lay(): Promise<boolean> {
    if (this.laid || this.bytes === 0) return (this.laid = true);
    const now = performance.now();
    if (now - this.lastTry < RETRY_MS) return false;
    this.lastTry = now;
    const there = await this.files.status(this.path);
    if (there?.kind === 'file' && there.bytes === this.bytes) return (this.laid = true);
    try {
      await unlinkIfThere(this.files, this.path);
      const free = await this.files.freeBytes(this.folder);
      if (free !== null && free < this.bytes + Math.min(MARGIN_BYTES, this.bytes / 4)) return false;
      await this.write();
      this.laid = true;
    } catch {
      await unlinkIfThere(this.files, this.path).catch(() => undefined);
    }
    return this.laid;
  }

  /** Someone cleared the folder away: whether it is there is asked anew. */
  look(): void {
    this.laid = false;
    this.lastTry = -Infinity;
  }

  /** Random bytes, because a compressing disk would keep zeros in no space at all. */
  private async write(): Promise<void> {
    const handle = await this.files.open(this.path, 'wx');
    try {
      const block = randomFillSync(new Uint8Array(Math.min(1 << 20, this.bytes)));
      for (let at = 0; at < this.bytes; at += block.length)
        await writeAll(handle, block.subarray(0, Math.min(block.length, this.bytes - at)), at);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Deletes it; true when that gave space back. */
  async release(): Promise<boolean> {
    const had = this.laid && this.bytes > 0;
    this.laid = false;
    this.lastTry = performance.now();
    await unlinkIfThere(this.files, this.path);
    return had;
  }
}
