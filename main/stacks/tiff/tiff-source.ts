import type { StackInfo } from '#contract/entities';
import { isAbort, MembranaError } from '#contract/errors';
import { intersect, type Rect } from '#contract/tiles';
import type { DecodePool } from '../decode-pool';
import { bytesPerSample } from '../pixel-array';
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
import { BlockTable } from './block-table';
import { readDirectory, type TiffHeader } from './directory';
import { type ChainPage, walkDirectories } from './directory-chain';
import { isDirect } from './direct-rows';
import type { PageAddress } from './page-blocks';
import { readLayout } from './read-layout';
import { readPageRegion } from './page-region';
import { pageStructure } from './page-structure';
import { contiguousPlanes } from './plane-plan';
import { compressionName } from './tags';
import { shownRegion, shownSamples } from './shown-region';
import { stackMetadata } from './stack-metadata';
import { readHeader } from './tiff-header';
import { chainWarnings, directoryWarnings } from './tiff-warnings';
import { uniformGroup } from './uniform-group';

/** Layouts kept in memory; a page's is read again after it was pushed out. */
const KEPT_PAGES = 256;
/** Pixels are checked in bands of about this many bytes. */
const CHECK_BYTES = 32 * 2 ** 20;

interface Parts {
  readonly info: StackInfo;
  readonly file: SourceFile;
  readonly header: TiffHeader;
  readonly pool: DecodePool;
  readonly pages: readonly ChainPage[];
  readonly template: BlockTable;
  /** Directory that the template was read from. */
  readonly templateOffset: number;
  /** Distance of planes that one directory describes; null where each slice has its own. */
  readonly planeBytes: number | null;
}

/** Pages in the order of the planes they hold; planes without a page are left out. */
function inPlaneOrder(
  pages: readonly ChainPage[],
  directories: readonly (number | null)[] | null,
): readonly ChainPage[] {
  const ordered = (directories ?? []).flatMap((index) => {
    const page = index === null ? undefined : pages[index];
    return page === undefined ? [] : [page];
  });
  return ordered.length > 0 ? ordered : pages;
}

/** A TIFF stack: every page of the largest group of the same size and type is a slice. */
export class TiffSource implements StackSource {
  readonly info: StackInfo;
  readonly readUnit: { readonly width: number; readonly height: number };
  private readonly tables = new Map<number, Promise<BlockTable>>();

  private constructor(private readonly parts: Parts) {
    this.info = parts.info;
    const { layout } = parts.template;
    this.readUnit = isDirect(layout)
      ? { width: 1, height: 1 }
      : { width: layout.blockWidth, height: layout.blockHeight };
  }

  /**
   * Reads the structure of a TIFF, no pixels.
   * @throws MembranaError tiff.*, file.*; AbortError
   */
  static async open(file: SourceFile, pool: DecodePool, signal: AbortSignal): Promise<TiffSource> {
    const header = await readHeader(file);
    const chain = await walkDirectories(file, header, signal);
    const group = uniformGroup(chain.pages);
    const offset = group.pages[0]?.offset ?? header.firstDirectory;
    const directory = await readDirectory(file, header, offset);
    const layout = await readLayout(file, header, directory);
    const template = new BlockTable(file, header, layout);
    const metadata = await stackMetadata(file, header, directory);
    const contiguous =
      chain.pages.length === 1 ? await contiguousPlanes(template, metadata.planes) : null;
    const pages = inPlaneOrder(group.pages, chain.skipped > 0 ? null : metadata.directories);
    const depth = contiguous?.planes ?? pages.length;
    const page = { file, bigEndian: !header.littleEndian, table: template, shift: 0 };
    const structure = await pageStructure(page);
    const shown = shownSamples(layout);
    const info: StackInfo = {
      width: layout.width,
      height: layout.height,
      depth,
      type: shown.type,
      samples: shown.samples,
      meaning: layout.colour.meaning,
      voxelSize: metadata.voxelSize,
      axes: `${metadata.axes(depth)}${shown.samples > 1 ? 'S' : ''}`,
      compression: compressionName(layout.compression) ?? String(layout.compression),
      byteOrder: header.littleEndian ? 'little' : 'big',
      fileBytes: file.size,
      warnings: [
        ...chainWarnings(chain),
        ...group.warnings,
        ...directoryWarnings(directory),
        ...layout.warnings,
        ...(contiguous?.warnings ?? []),
        ...structure.warnings,
        ...metadata.warnings,
      ],
    };
    const planeBytes = contiguous?.planeBytes ?? null;
    return new TiffSource({
      info,
      file,
      header,
      pool,
      pages,
      template,
      templateOffset: offset,
      planeBytes,
    });
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
    if (typeof page === 'string' || inside === null)
      return unreadableRegion(this.info, wanted, typeof page === 'string' ? page : '');
    const stored = await readPageRegion(page, wanted, this.parts.pool, signal);
    return shownRegion(stored, page.table.layout, this.info);
  }

  async pageState(z: number, decode: boolean, signal: AbortSignal): Promise<PageState> {
    assertSlice(this.info, z);
    const page = await this.page(z);
    const { width, height, type, samples } = this.info;
    if (typeof page === 'string')
      return {
        state: 'corrupt',
        bad: [{ x: 0, y: 0, width, height, state: 'corrupt', reason: page }],
      };
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
  private async page(z: number): Promise<PageAddress | string> {
    const { file, header, template, planeBytes } = this.parts;
    const bigEndian = !header.littleEndian;
    if (planeBytes !== null) return { file, bigEndian, table: template, shift: z * planeBytes };
    try {
      return { file, bigEndian, table: await this.table(z), shift: 0 };
    } catch (error) {
      const own = error instanceof MembranaError && error.code.startsWith('tiff.');
      if (!own || isAbort(error)) throw error;
      return error.message;
    }
  }

  private table(z: number): Promise<BlockTable> {
    if (this.parts.pages[z]?.offset === this.parts.templateOffset)
      return Promise.resolve(this.parts.template);
    const known = this.tables.get(z);
    if (known !== undefined) return known;
    const made = this.readTable(z);
    // A failed read is not remembered: the drive may come back.
    made.catch(() => this.tables.delete(z));
    this.tables.set(z, made);
    const oldest = this.tables.keys().next().value;
    if (this.tables.size > KEPT_PAGES && oldest !== undefined) this.tables.delete(oldest);
    return made;
  }

  private async readTable(z: number): Promise<BlockTable> {
    const { file, header, pages, template } = this.parts;
    const directory = await readDirectory(file, header, pages[z]?.offset ?? 0);
    const layout = await readLayout(file, header, directory);
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
    return new BlockTable(file, header, layout);
  }
}
