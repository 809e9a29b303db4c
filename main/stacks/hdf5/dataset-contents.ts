import { createHash } from 'node:crypto';
import type { ChunkedContents } from '../chunk-stack';
import type { SourceContents } from '../source/source-contents';
import type { SourceIdentity } from '../source/source-identity';
import { changedError, SourceFile } from '../source-file';

/** A file, and which dataset of it is meant: each is a source of its own. */
export class DatasetContents implements SourceContents, ChunkedContents {
  readonly manifest: string;

  private constructor(
    readonly path: string,
    readonly file: SourceFile,
    private readonly dataset: string | null,
  ) {
    this.manifest = dataset === null ? '' : `${dataset}\n`;
  }

  /** @throws MembranaError file.*; file.changed where it is not the `expected` one */
  static async open(
    path: string,
    { file, dataset }: { readonly file: string; readonly dataset: string | null },
    expected?: SourceIdentity,
  ): Promise<DatasetContents> {
    if (dataset === null)
      return new DatasetContents(path, await SourceFile.open(file, expected), null);
    const contents = new DatasetContents(path, await SourceFile.open(file), dataset);
    try {
      if (expected !== undefined) await contents.mustBe(expected);
      return contents;
    } catch (error) {
      await contents.close();
      throw error;
    }
  }

  get size(): number {
    return this.file.size;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.file.read(offset, length);
  }

  async identity(): Promise<SourceIdentity> {
    const found = await this.file.identity();
    if (this.dataset === null) return found;
    const content = createHash('sha256').update(`${this.dataset}\n${found.content}`);
    return { ...found, content: content.digest('hex') };
  }

  assertUnchanged(): Promise<void> {
    return this.file.assertUnchanged();
  }

  private async mustBe(expected: SourceIdentity): Promise<void> {
    const { content } = await this.identity();
    if (content !== expected.content) throw changedError(this.file.name, 'was written to');
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
