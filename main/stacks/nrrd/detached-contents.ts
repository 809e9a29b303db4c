import { createHash } from 'node:crypto';
import type { SourceContents } from '../source/source-contents';
import { samePlace, type SourceIdentity } from '../source/source-identity';
import { changedError, type SourceFile } from '../source-file';

/** A header and the file with its pixels, as one source: the header first. */
export class DetachedContents implements SourceContents {
  readonly manifest = '';

  constructor(
    private readonly header: SourceFile,
    private readonly pixels: SourceFile,
  ) {}

  get size(): number {
    return this.header.size + this.pixels.size;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    const { size } = this.header;
    const parts = [
      await this.header.read(offset, Math.max(0, Math.min(end, size) - offset)),
      await this.pixels.read(Math.max(0, offset - size), Math.max(0, end - Math.max(offset, size))),
    ];
    return Buffer.concat(parts);
  }

  async identity(): Promise<SourceIdentity> {
    const [header, pixels] = [await this.header.identity(), await this.pixels.identity()];
    const content = createHash('sha256').update(`${header.content}\n${pixels.content}`);
    const later = (a: string, b: string): string => (BigInt(a) > BigInt(b) ? a : b);
    return {
      ...pixels,
      size: this.size,
      modified: later(header.modified, pixels.modified),
      changed: later(header.changed, pixels.changed),
      content: content.digest('hex'),
    };
  }

  /** @throws MembranaError file.changed where they are not the `expected` ones */
  async mustBe(expected: SourceIdentity | undefined): Promise<void> {
    if (expected === undefined) return;
    const found = await this.identity();
    if (!samePlace(found, expected) && found.content !== expected.content)
      throw changedError(this.header.name, 'or the file with its pixels is another one');
  }

  async close(): Promise<void> {
    await Promise.all([this.header.close(), this.pixels.close()]);
  }
}
