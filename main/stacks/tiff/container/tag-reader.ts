import type { SourceFile } from '../../source-file';
import type { Directory, TiffHeader } from './directory';
import { fitsFile, heldNumbers, readNumbers } from './tag-values';

/** Numeric tags of one directory; a tag whose values aren't in the file counts as absent. */
export class TagReader {
  constructor(
    readonly file: SourceFile,
    private readonly header: TiffHeader,
    readonly directory: Directory,
  ) {}

  /** First value of a tag. */
  async number(tag: number, fallback: number): Promise<number> {
    return (await this.numbers(tag, 1))[0] ?? fallback;
  }

  /** Up to `most` values of a tag. */
  async numbers(tag: number, most: number): Promise<number[]> {
    const entry = this.directory.entries.get(tag);
    if (entry === undefined || !fitsFile(entry, this.file)) return [];
    const { bytes, offset } = this.directory;
    return (
      heldNumbers(bytes, offset, this.header, entry, most) ??
      readNumbers(this.file, this.header, entry, 0, most)
    );
  }

  /** The one value that all samples share; null when they differ. */
  async shared(tag: number, samples: number, fallback: number): Promise<number | null> {
    const values = await this.numbers(tag, samples);
    const first = values[0] ?? fallback;
    return values.every((value) => value === first) ? first : null;
  }
}
