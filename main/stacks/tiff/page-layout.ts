import { MembranaError } from '#contract/errors';
import type { SourceFile } from '../source-file';
import { type Directory, type TagEntry, type TiffHeader } from './directory';
import { limits } from './limits';
import { isByteAligned, type SampleFormat, sampleFormat } from './sample-format';
import { fitsFile, readNumbers } from './tag-values';
import { compressionName, tags } from './tags';

/** Everything about a page but its pixels. Blocks are strips or tiles, numbered row by row, plane after plane when planar. */
export interface PageLayout {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  /** Samples that lie side by side in one block: all of them, or 1 when planar. */
  readonly samplesPerBlock: number;
  readonly format: SampleFormat;
  readonly compression: number;
  readonly predictor: number;
  readonly photometric: number;
  readonly reverseBits: boolean;
  readonly blockWidth: number;
  readonly blockHeight: number;
  readonly blocksAcross: number;
  readonly blocksDown: number;
  readonly tiled: boolean;
  readonly offsets: TagEntry;
  readonly byteCounts: TagEntry | null;
  readonly jpegTables: Uint8Array<ArrayBuffer> | null;
  readonly warnings: readonly LayoutWarning[];
}

export interface LayoutWarning {
  readonly code: string;
  readonly message: string;
}

const photometricWhiteIsZero = 0;
export const photometricYCbCr = 6;
const readable = new Set([1, 5, 7, 8, 32773, 32946, 34926, 50000]);

export function blockCount(layout: PageLayout): number {
  return layout.blocksAcross * layout.blocksDown * (layout.samples / layout.samplesPerBlock);
}

/** Bytes of one decoded row of a block in the file's own packing: rows begin on whole bytes. */
export function packedRowBytes(layout: PageLayout): number {
  return Math.ceil((layout.blockWidth * layout.samplesPerBlock * layout.format.bits) / 8);
}

/** Rows that a block holds: the last strip may be shorter, tiles are always whole. */
export function blockRows(layout: PageLayout, down: number): number {
  return layout.tiled
    ? layout.blockHeight
    : Math.min(layout.blockHeight, layout.height - down * layout.blockHeight);
}

/** Whether stored values must be turned around so that larger means brighter. */
export function isInverted(layout: PageLayout): boolean {
  return layout.photometric === photometricWhiteIsZero && layout.format.type.startsWith('uint');
}

/**
 * Reads and checks the tags that say how a page's pixels lie.
 * @throws MembranaError tiff.no-image, tiff.corrupt, tiff.unsupported, tiff.too-large
 */
export async function pageLayout(
  file: SourceFile,
  header: TiffHeader,
  directory: Directory,
): Promise<PageLayout> {
  const warnings: LayoutWarning[] = [];
  const number = async (tag: number, fallback: number): Promise<number> => {
    const entry = directory.entries.get(tag);
    if (entry === undefined || entry.count === 0 || !fitsFile(entry, file)) return fallback;
    return (await readNumbers(file, header, entry, 0, 1))[0] ?? fallback;
  };
  const fail = (
    code: 'tiff.no-image' | 'tiff.corrupt' | 'tiff.unsupported' | 'tiff.too-large',
    what: string,
    hint: string,
  ): MembranaError =>
    new MembranaError(code, `${file.name}: ${what}.`, { hint, data: { file: file.name } });
  const damaged = 'The file is damaged. Export the stack again from the program that wrote it.';
  const resave = 'Open it in Fiji and save it as a plain TIFF (8, 16 or 32 bit).';

  const width = await number(tags.ImageWidth, 0);
  const height = await number(tags.ImageLength, 0);
  if (width === 0) throw fail('tiff.no-image', 'the image has no width', damaged);
  if (height === 0) throw fail('tiff.no-image', 'the image has no height', damaged);
  if (width * height > limits.pagePixels)
    throw fail(
      'tiff.too-large',
      `a page of ${width} × ${height} pixels is beyond what can be meant`,
      damaged,
    );

  const samples = await number(tags.SamplesPerPixel, 1);
  if (samples === 0) throw fail('tiff.corrupt', 'a pixel has 0 samples', damaged);
  if (samples > limits.samplesPerPixel)
    throw fail(
      'tiff.too-large',
      `${samples} samples a pixel (at most ${limits.samplesPerPixel} are read)`,
      resave,
    );
  const bits = await commonValue(file, header, directory, tags.BitsPerSample, samples, 1);
  const formatNumber = await commonValue(file, header, directory, tags.SampleFormat, samples, 1);
  if (bits === null || formatNumber === null)
    throw fail('tiff.unsupported', 'channels of different sample types', resave);
  const format = sampleFormat(bits, formatNumber);
  if (typeof format === 'string')
    throw fail(
      bits === 0 ? 'tiff.corrupt' : 'tiff.unsupported',
      `${format} are not supported`,
      resave,
    );

  const compression = await number(tags.Compression, 1);
  if (!readable.has(compression)) {
    const name = compressionName(compression);
    const what =
      name === null
        ? `compression ${compression} is unknown`
        : `${name} compression (${compression}) is not supported`;
    throw fail(
      'tiff.unsupported',
      what,
      'Open it in Fiji and save it as a plain TIFF, or re-save it with deflate.',
    );
  }
  const photometric = await number(tags.PhotometricInterpretation, 1);
  if (photometric === photometricYCbCr && compression !== 7)
    throw fail('tiff.unsupported', 'YCbCr colour without JPEG is not supported', resave);
  if (compression === 7 && (bits !== 8 || format.type !== 'uint8'))
    throw fail(
      'tiff.unsupported',
      `JPEG compression of ${bits}-bit samples is not supported`,
      resave,
    );
  const predictor = await number(tags.Predictor, 1);
  const usesPredictor = compression !== 1 && compression !== 7 && compression !== 32773;
  if (usesPredictor) {
    const possible =
      predictor === 1 ||
      (predictor === 2 && isByteAligned(bits)) ||
      (predictor === 3 && formatNumber === 3);
    if (!possible)
      throw fail(
        'tiff.unsupported',
        `predictor ${predictor} for ${bits}-bit samples is not supported`,
        resave,
      );
  }
  const planar = (await number(tags.PlanarConfiguration, 1)) === 2;
  const samplesPerBlock = planar ? 1 : samples;

  const tiled = directory.entries.has(tags.TileOffsets) || directory.entries.has(tags.TileWidth);
  let blockWidth = width;
  let blockHeight = height;
  if (tiled) {
    blockWidth = await number(tags.TileWidth, 0);
    blockHeight = await number(tags.TileLength, 0);
    if (blockWidth === 0 || blockHeight === 0)
      throw fail('tiff.corrupt', `its tiles are ${blockWidth} × ${blockHeight} pixels`, damaged);
  } else {
    const rows = await number(tags.RowsPerStrip, 2 ** 32 - 1);
    if (rows === 0)
      warnings.push({
        code: 'rows-per-strip',
        message: 'RowsPerStrip is 0; the page is read as one strip.',
      });
    blockHeight = rows === 0 ? height : Math.min(rows, height);
  }
  const blocksAcross = Math.ceil(width / blockWidth);
  const blocksDown = Math.ceil(height / blockHeight);
  const blocks = blocksAcross * blocksDown * (samples / samplesPerBlock);
  if (blocks > limits.blocksPerPage)
    throw fail('tiff.too-large', `a page of ${blocks} strips or tiles`, damaged);

  const offsets = directory.entries.get(tiled ? tags.TileOffsets : tags.StripOffsets);
  if (offsets === undefined || offsets.count === 0)
    throw fail('tiff.no-image', 'a page names no place of its pixels', damaged);
  const counts = directory.entries.get(tiled ? tags.TileByteCounts : tags.StripByteCounts) ?? null;
  for (const entry of [offsets, counts])
    if (entry !== null && !fitsFile(entry, file))
      throw fail(
        'tiff.corrupt',
        `a list of ${entry.count} strips or tiles exceeds the file's size`,
        damaged,
      );
  if (offsets.count < blocks)
    warnings.push({
      code: 'blocks-missing',
      message: `The page lists ${offsets.count} of ${blocks} strips or tiles; the rest is missing.`,
    });
  if (counts === null)
    warnings.push({
      code: 'byte-counts',
      message: 'Strip lengths are not given; they are computed.',
    });

  const layout: PageLayout = {
    width,
    height,
    samples,
    samplesPerBlock,
    format,
    compression,
    predictor: usesPredictor ? predictor : 1,
    photometric,
    reverseBits: (await number(tags.FillOrder, 1)) === 2,
    blockWidth,
    blockHeight,
    blocksAcross,
    blocksDown,
    tiled,
    offsets,
    byteCounts: counts,
    jpegTables: await jpegTables(file, directory, compression),
    warnings,
  };
  const decoded = packedRowBytes(layout) * blockHeight;
  const wholeBlocks = tiled || compression !== 1 || !isByteAligned(bits);
  if (wholeBlocks && decoded > limits.decodedBlockBytes)
    throw fail(
      'tiff.too-large',
      `a strip or tile decodes to ${decoded} bytes`,
      'Re-save the stack with smaller strips or tiles, or without compression.',
    );
  return layout;
}

/** The one value that all samples share; null when they differ. */
async function commonValue(
  file: SourceFile,
  header: TiffHeader,
  directory: Directory,
  tag: number,
  samples: number,
  fallback: number,
): Promise<number | null> {
  const entry = directory.entries.get(tag);
  if (entry === undefined || entry.count === 0 || !fitsFile(entry, file)) return fallback;
  const values = await readNumbers(file, header, entry, 0, samples);
  const first = values[0] ?? fallback;
  return values.every((value) => value === first) ? first : null;
}

async function jpegTables(
  file: SourceFile,
  directory: Directory,
  compression: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const entry = directory.entries.get(tags.JpegTables);
  if (compression !== 7 || entry === undefined || entry.count > 65_536) return null;
  return file.read(entry.at, entry.count);
}
