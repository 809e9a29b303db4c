import type { SourceFile } from '../../source-file';
import { directoryBytes, directoryShape, entryCount, type TiffHeader, viewOf } from './directory';

const LEAST = 512;
const MOST = 2 ** 20;
/** A window that served this many directories is followed by a larger one, any other by a smaller. */
const WORTHWHILE = 8;
/** Directories at even distances are fetched this many at a time. */
const AHEAD = 64;

/**
 * The part of the file around the directories being walked. It grows where they
 * lie close together and shrinks to single directories where they don't, so that
 * no order of them makes it read more than a few times their bytes.
 */
export class DirectoryWindow {
  /** Bytes of the file, found by `locate` and `load`. */
  view: DataView = new DataView(new ArrayBuffer(0));
  private start = 0;
  private size = 2 ** 16;
  private served = 0;
  private previous = 0;
  private stride = 0;
  private steady = 0;
  private readonly ahead = new Map<number, Uint8Array>();

  constructor(
    private readonly file: SourceFile,
    private readonly header: TiffHeader,
  ) {}

  /** Where the directory at `offset` begins in `view`; −1 where it isn't all here. */
  locate(offset: number): number {
    const stride = offset - this.previous;
    this.steady = stride === this.stride ? this.steady + 1 : 0;
    this.stride = stride;
    this.previous = offset;
    const at = this.held(offset);
    if (at >= 0) this.served += 1;
    return at;
  }

  /** Reads the directory at `offset`, as much of it as the file has, and what may be next. */
  async load(offset: number, signal: AbortSignal): Promise<number> {
    this.size =
      this.served >= WORTHWHILE ? Math.min(MOST, this.size * 2) : Math.max(LEAST, this.size / 2);
    this.served = 0;
    const alone = this.size === LEAST;
    if (alone && this.steady > 1 && !this.ahead.has(offset)) await this.fetchAhead(offset, signal);
    const fetched = this.ahead.get(offset);
    if (fetched === undefined) {
      // Directories in falling order lie before this one.
      const before = this.stride < 0 && !alone ? this.size - LEAST : 0;
      const start = Math.max(0, offset - before);
      this.show(await this.file.read(start, this.size, signal), start);
    } else {
      this.ahead.delete(offset);
      this.show(fetched, offset);
    }
    if (this.held(offset) < 0)
      this.show(await this.file.read(offset, this.needed(offset - this.start), signal), offset);
    return offset - this.start;
  }

  private show(bytes: Uint8Array, start: number): void {
    this.view = viewOf(bytes);
    this.start = start;
  }

  private held(offset: number): number {
    const at = offset - this.start;
    if (at < 0 || at >= this.view.byteLength) return -1;
    const complete = this.start + this.view.byteLength >= this.file.size;
    return complete || at + this.needed(at) <= this.view.byteLength ? at : -1;
  }

  private needed(at: number): number {
    const { big } = this.header;
    const { head } = directoryShape(big);
    if (at + head > this.view.byteLength) return directoryBytes(0, big);
    return directoryBytes(entryCount(this.view, this.header, at), big);
  }

  private async fetchAhead(offset: number, signal: AbortSignal): Promise<void> {
    this.ahead.clear();
    const places = Array.from({ length: AHEAD }, (_, index) => offset + index * this.stride).filter(
      (place) => place > 0 && place < this.file.size,
    );
    const read = await Promise.all(places.map((place) => this.file.read(place, LEAST, signal)));
    places.forEach((place, index) => this.ahead.set(place, read[index] ?? new Uint8Array(0)));
  }
}
