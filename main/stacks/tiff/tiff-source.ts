import type { StackInfo } from '#contract/entities';
import { isAbort, MembranaError } from '#contract/errors';
import { intersect, type Rect } from '#contract/tiles';
import type { DecodePool } from '../decode-pool';
import { bytesPerSample } from '#volume/pixel-array';
import { readReduced } from '../reduced-region';
import type { SourceReference } from '../source/source-identity';
import type { SourceFile } from '../source-file';
import {
  assertSlice,
  type PageState,
  type Region,
  type StackSource,
  unreadableRegion,
  worstState,
} from '../stack-source';
import { BlockTable } from './pixels/block-table';
import { readDirectory } from './container/directory';
import { isDirect, tiffReadUnit } from './pixels/direct-rows';
import type { PageAddress } from './pixels/page-blocks';
import { blockCount } from './pixels/page-layout';
import { readLayout } from './pixels/read-layout';
import { readPageRegion } from './pixels/page-region';
import { pageStructure } from './pixels/page-structure';
import type { StoredPixels } from '../blocks/stored-pixels';
import { storedLayout } from './stored-layout';
import { shownRegion } from './pixels/shown-region';
import type { TiffStructure } from './container/tiff-structure';

/** Layouts kept in memory; a page's is read again after it was pushed out. A plane at right angles to the slices asks for all of them. */
const KEPT_PAGES = { least: 64, most: 4096 } as const;
/** Places of blocks that they hold together, at most. */
const KEPT_PLACES = 2 ** 21;
/** Pixels are checked in bands of about this many bytes. */
const CHECK_BYTES = 32 * 2 ** 20;

interface Parts {
  readonly structure: TiffStructure;
  readonly file: SourceFile;
  readonly pool: DecodePool;
  readonly template: BlockTable;
}

/** Why nothing of a slice can be read. */
interface NoPage {
  readonly state: 'missing' | 'corrupt';
  readonly reason: string;
}

/** A TIFF stack: every page of the largest group of the same size and type is a slice. */
export class TiffSource implements StackSource {
  readonly info: StackInfo;
  readonly levels = [0];
  readonly readUnit: { readonly width: number; readonly height: number };
  private readonly tables = new Map<number, Promise<BlockTable>>();
  private readonly keptPages: number;

  private constructor(private readonly parts: Parts) {
    this.info = parts.structure.info;
    const { layout } = parts.template;
    this.readUnit = tiffReadUnit(layout);
    const fitting = Math.floor(KEPT_PLACES / blockCount(layout));
    this.keptPages = Math.min(KEPT_PAGES.most, Math.max(KEPT_PAGES.least, fitting));
  }

  /**
   * Reads the structure of a TIFF, no pixels; in one of the pool's workers, since
   * a file may name a million pages or megabytes of text.
   * @throws MembranaError tiff.*, file.*; AbortError
   */
  static async open(file: SourceFile, pool: DecodePool, signal: AbortSignal): Promise<TiffSource> {
    const structure = await pool.structure(file, signal);
    const template = new BlockTable(file, structure.header, structure.layout);
    return new TiffSource({ structure, file, pool, template });
  }

  async readRegion(z: number, rect: Rect, level: number, signal: AbortSignal): Promise<Region> {
    assertSlice(this.info, z);
    if (level > 0) return readReduced(this, z, rect, level, signal);
    signal.throwIfAborted();
    return this.parts.file.whileUnchanged((again) => {
      // Read while the file was half written.
      if (again) this.tables.clear();
      return this.readSteady(z, rect, signal);
    });
  }

  private async readSteady(z: number, rect: Rect, signal: AbortSignal): Promise<Region> {
    const { width, height } = this.info;
    const inside = intersect(rect, { x: 0, y: 0, width, height });
    const wanted = inside ?? { x: 0, y: 0, width: 0, height: 0 };
    const page = await this.page(z);
    if ('reason' in page) return unreadableRegion(this.info, wanted, page.state, page.reason);
    if (inside === null) return unreadableRegion(this.info, wanted, 'missing', '');
    const stored = await readPageRegion(page, wanted, this.parts.pool, signal);
    return shownRegion(stored, page.table.layout, this.info);
  }

  async withStored<T>(
    z: number,
    rect: Rect,
    signal: AbortSignal,
    use: (stored: StoredPixels) => Promise<T>,
  ): Promise<T | null> {
    assertSlice(this.info, z);
    signal.throwIfAborted();
    const { file } = this.parts;
    return file.whileUnchanged(async (again) => {
      if (again) this.tables.clear();
      const page = await this.page(z);
      const layout = 'reason' in page ? null : await storedLayout(page, rect);
      if (layout === null) return null;
      const { type } = this.info;
      const { width, height } = rect;
      return file.lend((number) => use({ file: number, type, width, height, layout }));
    });
  }

  async pageState(z: number, decode: boolean, signal: AbortSignal): Promise<PageState> {
    assertSlice(this.info, z);
    const page = await this.page(z);
    const { width, height, type, samples } = this.info;
    if ('reason' in page)
      return { state: page.state, bad: [{ x: 0, y: 0, width, height, ...page }] };
    const { layout } = page.table;
    if (!decode || isDirect(layout)) return pageStructure(page);
    const rowBytes = width * samples * bytesPerSample(type);
    const unit = this.readUnit.height;
    const rows = unit * Math.max(1, Math.floor(CHECK_BYTES / (rowBytes * unit)));
    const bad: PageState['bad'][number][] = [];
    for (let y = 0; y < height; y += rows) {
      const region = await this.readRegion(z, { x: 0, y, width, height: rows }, 0, signal);
      bad.push(...region.bad.map((block) => ({ ...block, y: block.y + y })));
    }
    return { state: worstState(bad), bad };
  }

  async reference(): Promise<SourceReference> {
    const { file } = this.parts;
    return { path: file.path, identity: await file.identity() };
  }

  async close(): Promise<void> {
    await this.parts.file.close();
  }

  /** The page of slice `z`, or why its directory can't be used. */
  private async page(z: number): Promise<PageAddress | NoPage> {
    const { file, template, structure } = this.parts;
    const { header, offsets, planeBytes } = structure;
    const bigEndian = !header.littleEndian;
    if (planeBytes !== null) return { file, bigEndian, table: template, shift: z * planeBytes };
    const offset = offsets[z] ?? NaN;
    if (Number.isNaN(offset))
      return { state: 'missing', reason: 'the file names no page for this slice' };
    try {
      return { file, bigEndian, table: await this.table(offset, z), shift: 0 };
    } catch (error) {
      const own = error instanceof MembranaError && error.code.startsWith('tiff.');
      if (!own || isAbort(error)) throw error;
      return { state: 'corrupt', reason: error.message };
    }
  }

  private table(offset: number, z: number): Promise<BlockTable> {
    if (offset === this.parts.structure.layoutOffset) return Promise.resolve(this.parts.template);
    const known = this.tables.get(offset);
    if (known !== undefined) return known;
    const made = this.readTable(offset, z);
    // A failed read is not remembered: the drive may come back.
    made.catch(() => this.tables.delete(offset));
    this.tables.set(offset, made);
    const oldest = this.tables.keys().next().value;
    if (this.tables.size > this.keptPages && oldest !== undefined) this.tables.delete(oldest);
    return made;
  }

  private async readTable(offset: number, z: number): Promise<BlockTable> {
    const { file, template, structure } = this.parts;
    const directory = await readDirectory(file, structure.header, offset);
    const layout = await readLayout(file, structure.header, directory);
    const same =
      layout.width === template.layout.width &&
      layout.height === template.layout.height &&
      layout.samples === template.layout.samples &&
      layout.format.type === template.layout.format.type;
    if (!same)
      throw new MembranaError('tiff.corrupt', 'The page is of another size or type.', {
        hint: 'Export the stack again with all slices alike.',
        data: { file: file.name, slice: z },
      });
    return new BlockTable(file, structure.header, layout, directory);
  }
}
