import type { SourceFile } from '../../source-file';
import type { Directory, TagEntry, TiffHeader } from '../container/directory';
import { limits } from '../container/limits';
import { blockCount, blockRows, packedRowBytes, type PageLayout } from './page-layout';
import { heldNumbers, readNumbers } from '../container/tag-values';

/** Where one strip or tile is, after checking it against the file. */
export type BlockPlace =
  /** Left out by a writer of sparse files: the pixels are 0. */
  | { readonly kind: 'fill' }
  | { readonly kind: 'missing'; readonly reason: string }
  /** `cut`: the file ends before the block does. */
  | {
      readonly kind: 'stored';
      readonly at: number;
      readonly length: number;
      readonly cut: boolean;
    };

/** Lists up to this many blocks are kept; longer ones are read in pieces. */
const KEPT_BLOCKS = 65_536;

/** Places of a page's strips or tiles, read when asked for. `shift` moves them to a later plane of the same layout. */
export class BlockTable {
  private kept: Promise<readonly [number[], number[] | null]> | null = null;

  constructor(
    private readonly file: SourceFile,
    private readonly header: TiffHeader,
    readonly layout: PageLayout,
    /** Where the layout was read from: short lists lie in the directory itself. */
    private readonly directory: Directory | null = null,
  ) {}

  get fileBytes(): number {
    return this.file.size;
  }

  /** Places of blocks `first … first + count − 1`. */
  async places(first: number, count: number, shift = 0): Promise<BlockPlace[]> {
    const total = blockCount(this.layout);
    const [offsets, counts] =
      total <= KEPT_BLOCKS ? await this.all() : await this.numbers(first, count);
    const base = total <= KEPT_BLOCKS ? first : 0;
    const places: BlockPlace[] = [];
    for (let index = 0; index < count; index += 1)
      places.push(this.place(first + index, offsets[base + index], counts?.[base + index], shift));
    return places;
  }

  private all(): Promise<readonly [number[], number[] | null]> {
    this.kept ??= this.numbers(0, blockCount(this.layout));
    return this.kept;
  }

  private async numbers(
    first: number,
    count: number,
  ): Promise<readonly [number[], number[] | null]> {
    const { directory, header } = this;
    const read = async (entry: TagEntry): Promise<number[]> =>
      (directory !== null && first === 0
        ? heldNumbers(directory.bytes, directory.offset, header, entry, count)
        : null) ?? readNumbers(this.file, header, entry, first, count);
    const { offsets, byteCounts } = this.layout;
    return [await read(offsets), byteCounts === null ? null : await read(byteCounts)];
  }

  private place(
    index: number,
    offset: number | undefined,
    declared: number | undefined,
    shift: number,
  ): BlockPlace {
    if (offset === undefined) return { kind: 'missing', reason: 'the page does not list it' };
    // Lists of fractions and of negative numbers can be written, too.
    if (![offset, declared ?? 0].every((value) => Number.isSafeInteger(value) && value >= 0))
      return { kind: 'missing', reason: 'the page gives it a place that is none' };
    if (offset === 0)
      return (declared ?? 0) === 0
        ? { kind: 'fill' }
        : { kind: 'missing', reason: 'the page gives no place for it' };
    const at = offset + shift;
    const left = this.file.size - at;
    if (left <= 0) return { kind: 'missing', reason: `at byte ${at}, beyond the end of the file` };
    const wanted = this.storedLength(declared, this.packedBytes(index), left);
    if (wanted === 0) return { kind: 'missing', reason: 'its length is 0' };
    return { kind: 'stored', at, length: Math.min(wanted, left), cut: wanted > left };
  }

  /** Bytes to read for a block; never more than a sane encoder needs for its pixels. */
  private storedLength(declared: number | undefined, expected: number, left: number): number {
    const { compression } = this.layout;
    if (compression === 1) {
      // 0 is written by some for "not told"; beyond 4 GB classic TIFF can only hold the remainder.
      const told = declared !== undefined && declared !== 0 && declared !== expected % 2 ** 32;
      return told ? Math.min(declared, expected) : expected;
    }
    const most = expected * 2 + 2 ** 20;
    return Math.min(declared ?? left, most);
  }

  private packedBytes(index: number): number {
    const perPlane = this.layout.blocksAcross * this.layout.blocksDown;
    const down = Math.floor((index % perPlane) / this.layout.blocksAcross);
    return packedRowBytes(this.layout) * blockRows(this.layout, down);
  }
}

/** Whether a block claims to hold more than its bytes can. */
export function isImplausible(encoded: number, decoded: number): boolean {
  return decoded > limits.ratioFreeBytes && decoded / encoded > limits.expansion;
}
