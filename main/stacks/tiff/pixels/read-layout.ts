import { type ErrorCode, MembranaError } from '#contract/errors';
import type { SourceFile } from '../../source-file';
import type { Directory, TiffHeader } from '../container/directory';
import { limits } from '../container/limits';
import {
  blockCount,
  type LayoutWarning,
  packedRowBytes,
  type PageLayout,
  photometricYCbCr,
} from './page-layout';
import { readColour } from './read-colour';
import { isByteAligned, type SampleFormat, sampleFormat } from '../container/sample-format';
import { TagReader } from '../container/tag-reader';
import { fitsFile } from '../container/tag-values';
import { compressionName, tags } from '../container/tags';

const readable = new Set([1, 5, 7, 8, 32773, 32946, 34926, 50000]);
/** Compressions that predictors go with. */
const predicted = new Set([5, 8, 32946, 34926, 50000]);
const DAMAGED = 'The file is damaged. Export the stack again from the program that wrote it.';
const SAVE_PLAIN = 'Open it in Fiji and save it as a plain TIFF (8, 16 or 32 bit).';
const JPEG_TABLE_BYTES = 65_536;

/**
 * Reads and checks the tags that say how a page's pixels lie; every size is
 * checked against its budget before anything of that size is read.
 * @throws MembranaError tiff.no-image, tiff.corrupt, tiff.unsupported, tiff.too-large
 */
export async function readLayout(
  file: SourceFile,
  header: TiffHeader,
  directory: Directory,
): Promise<PageLayout> {
  const reader = new TagReader(file, header, directory);
  const warnings: LayoutWarning[] = await unreadableTags(reader);
  const size = await readSize(reader);
  const samples = await readSamples(reader, warnings);
  const coding = await readCoding(reader, samples.format);
  const blocks = await readBlockSize(reader, size, warnings);
  const colour = await readColour(
    reader,
    { ...samples, photometric: coding.photometric },
    warnings,
  );
  const planar = (await reader.number(tags.PlanarConfiguration, 1)) === 2;
  const layout: PageLayout = {
    ...size,
    ...samples,
    ...coding,
    ...blocks,
    colour,
    samplesPerBlock: planar ? 1 : samples.samples,
    blocksAcross: Math.ceil(size.width / blocks.blockWidth),
    blocksDown: Math.ceil(size.height / blocks.blockHeight),
    reverseBits: (await reader.number(tags.FillOrder, 1)) === 2,
    ...readPlaces(reader, blocks.tiled),
    jpegTables: await readJpegTables(reader, coding.compression),
    warnings,
  };
  checkBlocks(layout, file.name, warnings);
  return layout;
}

function failure(file: string, code: ErrorCode, what: string, hint: string): MembranaError {
  return new MembranaError(code, `${file}: ${what}.`, { hint, data: { file } });
}

/** Tags that say how pixels lie: taking a default for one that is there would be a guess. */
const decisive = [
  ...[tags.ImageWidth, tags.ImageLength, tags.BitsPerSample, tags.Compression],
  ...[tags.PhotometricInterpretation, tags.FillOrder, tags.SamplesPerPixel, tags.RowsPerStrip],
  ...[tags.PlanarConfiguration, tags.Predictor, tags.TileWidth, tags.TileLength],
  ...[tags.SampleFormat, tags.JpegTables, tags.ImageDepth, tags.TileDepth],
];

/** Warns of tags without a value; refuses those whose values are not in the file, or no whole numbers (a tag may be written as a fraction or below 0). */
async function unreadableTags(reader: TagReader): Promise<LayoutWarning[]> {
  const { file, directory } = reader;
  const given = decisive.flatMap((tag) => {
    const entry = directory.entries.get(tag);
    return entry === undefined ? [] : [{ tag, entry }];
  });
  const beyond = given.find(({ entry }) => !fitsFile(entry, file));
  if (beyond !== undefined) {
    const what = `the values of tag ${beyond.tag} are beyond the end of the file`;
    throw failure(file.name, 'tiff.corrupt', what, DAMAGED);
  }
  for (const { tag } of given) {
    const value = await reader.number(tag, 0);
    if (Number.isSafeInteger(value) && value >= 0) continue;
    throw failure(file.name, 'tiff.corrupt', `tag ${tag} has the value ${value}`, DAMAGED);
  }
  return given
    .filter(({ entry }) => entry.count === 0)
    .map(({ tag }) => ({ code: 'tag-ignored', message: `Tag ${tag} is there without a value.` }));
}

async function readSize(reader: TagReader): Promise<Pick<PageLayout, 'width' | 'height'>> {
  const { name } = reader.file;
  const width = await reader.number(tags.ImageWidth, 0);
  const height = await reader.number(tags.ImageLength, 0);
  if (width === 0) throw failure(name, 'tiff.no-image', 'the image has no width', DAMAGED);
  if (height === 0) throw failure(name, 'tiff.no-image', 'the image has no height', DAMAGED);
  if (!Number.isSafeInteger(width) || !Number.isSafeInteger(height) || width < 0 || height < 0) {
    const what = `a page of ${width} × ${height} pixels`;
    throw failure(name, 'tiff.corrupt', what, DAMAGED);
  }
  const depths = [await reader.number(tags.ImageDepth, 1), await reader.number(tags.TileDepth, 1)];
  if (depths.some((depth) => depth > 1)) {
    const what = 'pages of several slices each (ImageDepth) are not supported';
    throw failure(name, 'tiff.unsupported', what, SAVE_PLAIN);
  }
  if (width * height > limits.pagePixels) {
    const what = `a page of ${width} × ${height} pixels is beyond what can be meant`;
    throw failure(name, 'tiff.too-large', what, DAMAGED);
  }
  return { width, height };
}

async function readSamples(
  reader: TagReader,
  warnings: LayoutWarning[],
): Promise<Pick<PageLayout, 'samples' | 'format'>> {
  const { name } = reader.file;
  const samples = await reader.number(tags.SamplesPerPixel, 1);
  if (samples === 0) throw failure(name, 'tiff.corrupt', 'a pixel has 0 samples', DAMAGED);
  if (samples > limits.samplesPerPixel) {
    const what = `${samples} samples a pixel (at most ${limits.samplesPerPixel} are read)`;
    throw failure(name, 'tiff.too-large', what, SAVE_PLAIN);
  }
  const bits = await reader.shared(tags.BitsPerSample, samples, 1);
  const kind = await reader.shared(tags.SampleFormat, samples, 1);
  if (bits === null || kind === null)
    throw failure(name, 'tiff.unsupported', 'channels of different sample types', SAVE_PLAIN);
  const told = reader.directory.entries.get(tags.BitsPerSample)?.count ?? samples;
  if (told > 0 && told < samples) {
    const message = `The bits of ${told} of ${samples} samples are given; the others are taken to be alike.`;
    warnings.push({ code: 'count-too-small', message });
  }
  const format = sampleFormat(bits, kind);
  if (typeof format === 'string') {
    const code = bits === 0 ? 'tiff.corrupt' : 'tiff.unsupported';
    throw failure(name, code, `${format} are not supported`, SAVE_PLAIN);
  }
  return { samples, format };
}

async function readCoding(
  reader: TagReader,
  format: SampleFormat,
): Promise<Pick<PageLayout, 'compression' | 'predictor' | 'photometric'>> {
  const { name } = reader.file;
  const compression = await reader.number(tags.Compression, 1);
  if (!readable.has(compression)) {
    const known = compressionName(compression);
    const what =
      known === null
        ? `compression ${compression} is unknown`
        : `${known} compression (${compression}) is not supported`;
    throw failure(name, 'tiff.unsupported', what, SAVE_PLAIN);
  }
  const photometric = await reader.number(tags.PhotometricInterpretation, 1);
  if (photometric === photometricYCbCr && compression !== 7)
    throw failure(name, 'tiff.unsupported', 'YCbCr without JPEG is not supported', SAVE_PLAIN);
  const { bits, type } = format;
  if (compression === 7 && (type !== 'uint8' || bits !== 8))
    throw failure(name, 'tiff.unsupported', `JPEG of ${bits} bits is not supported`, SAVE_PLAIN);
  const given = await reader.number(tags.Predictor, 1);
  const predictor = predicted.has(compression) ? given : 1;
  const possible =
    predictor === 1 ||
    (predictor === 2 && isByteAligned(bits)) ||
    (predictor === 3 && type.startsWith('float'));
  if (!possible) {
    const what = `predictor ${predictor} for ${bits}-bit samples is not supported`;
    throw failure(name, 'tiff.unsupported', what, SAVE_PLAIN);
  }
  return { compression, predictor, photometric };
}

async function readBlockSize(
  reader: TagReader,
  { width, height }: Pick<PageLayout, 'width' | 'height'>,
  warnings: LayoutWarning[],
): Promise<Pick<PageLayout, 'tiled' | 'blockWidth' | 'blockHeight'>> {
  const { entries } = reader.directory;
  if (entries.has(tags.TileOffsets) || entries.has(tags.TileWidth)) {
    const blockWidth = await reader.number(tags.TileWidth, 0);
    const blockHeight = await reader.number(tags.TileLength, 0);
    if (blockWidth > 0 && blockHeight > 0) return { tiled: true, blockWidth, blockHeight };
    const what = `its tiles are ${blockWidth} × ${blockHeight} pixels`;
    throw failure(reader.file.name, 'tiff.corrupt', what, DAMAGED);
  }
  const rows = await reader.number(tags.RowsPerStrip, height);
  if (rows === 0) {
    const message = 'RowsPerStrip is 0; the page is read as one strip.';
    warnings.push({ code: 'rows-per-strip', message });
  }
  return {
    tiled: false,
    blockWidth: width,
    blockHeight: rows === 0 ? height : Math.min(rows, height),
  };
}

function readPlaces(
  { file, directory }: TagReader,
  tiled: boolean,
): Pick<PageLayout, 'offsets' | 'byteCounts'> {
  const { entries } = directory;
  const offsets = entries.get(tiled ? tags.TileOffsets : tags.StripOffsets);
  const byteCounts = entries.get(tiled ? tags.TileByteCounts : tags.StripByteCounts) ?? null;
  if (offsets === undefined || offsets.count === 0)
    throw failure(file.name, 'tiff.no-image', 'a page does not say where its pixels are', DAMAGED);
  for (const entry of [offsets, byteCounts]) {
    if (entry === null || fitsFile(entry, file)) continue;
    const what = `a list of ${entry.count} strips or tiles exceeds the file's size`;
    throw failure(file.name, 'tiff.corrupt', what, DAMAGED);
  }
  return { offsets, byteCounts };
}

async function readJpegTables(
  { file, directory }: TagReader,
  compression: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const entry = directory.entries.get(tags.JpegTables);
  if (compression !== 7 || entry === undefined || entry.count > JPEG_TABLE_BYTES) return null;
  return file.read(entry.at, entry.count);
}

function checkBlocks(layout: PageLayout, file: string, warnings: LayoutWarning[]): void {
  const blocks = blockCount(layout);
  if (blocks > limits.blocksPerPage)
    throw failure(file, 'tiff.too-large', `a page of ${blocks} strips or tiles`, DAMAGED);
  const { count: listed } = layout.offsets;
  if (blocks > limits.manyBlocks && listed < blocks * limits.listedFraction) {
    const what = `a page of ${layout.width} × ${layout.height} pixels lists ${listed} of ${blocks} strips or tiles`;
    throw failure(file, 'tiff.corrupt', what, DAMAGED);
  }
  const decoded = packedRowBytes(layout) * layout.blockHeight;
  const partial = !layout.tiled && layout.compression === 1 && isByteAligned(layout.format.bits);
  if (!partial && decoded > limits.decodedBlockBytes) {
    const hint = 'Save the stack with smaller strips or tiles, or without compression.';
    throw failure(file, 'tiff.too-large', `a strip or tile decodes to ${decoded} bytes`, hint);
  }
  if (layout.offsets.count < blocks) {
    const message = `The page lists ${layout.offsets.count} of ${blocks} strips or tiles; the rest is missing.`;
    warnings.push({ code: 'blocks-missing', message });
  }
  if (layout.offsets.count > blocks) {
    const message = `The page lists ${layout.offsets.count} strips or tiles and has room for ${blocks}; the first are read.`;
    warnings.push({ code: 'blocks-too-many', message });
  }
  if (
    layout.byteCounts !== null &&
    layout.byteCounts.count < Math.min(blocks, layout.offsets.count)
  ) {
    const message = `The lengths of ${layout.byteCounts.count} of ${blocks} strips or tiles are given; the others are computed.`;
    warnings.push({ code: 'byte-counts', message });
  }
  if (layout.byteCounts === null) {
    const message = 'The lengths of the strips or tiles are not given; they are computed.';
    warnings.push({ code: 'byte-counts', message });
  }
}
