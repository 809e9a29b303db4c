import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import type { StackWarning } from '#contract/entities';
import { sliceMark } from '#contract/slice-marks';
import { bytesOf, bytesPerSample } from '#volume/pixel-array';
import {
  assertSlice,
  type PageState,
  type PageStateName,
  type Region,
  type StackSource,
  worstState,
} from './stack-source';
import { narrowToHalf, swapBytes } from './tiff/pixels/unpack-samples';

/** Answer of the command `info`; its names are a public interface. */
export interface StackDescription {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly type: string;
  readonly samples: number;
  /** Edge lengths in nm, each null where unknown; null where all are. */
  readonly voxelSize: {
    readonly x: number | null;
    readonly y: number | null;
    readonly z: number | null;
    readonly unit: 'nm';
  } | null;
  readonly axes: string;
  readonly compression: string;
  readonly byteOrder: string;
  readonly warnings: readonly StackWarning[];
  readonly pages: readonly PageDescription[];
}

export interface PageDescription {
  readonly state: PageStateName;
  /** SHA-256 of the page's pixels; only of pages that read completely. */
  readonly sha256?: string;
}

export interface DescribeOptions {
  /** Read every page and add its digest. */
  readonly digest: boolean;
  /** Only this page (0-based). */
  readonly page?: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

interface DigestedPage extends PageState {
  readonly sha256?: string;
}

/** Without digests, compressed pages are tried up to this much of decoded pixels: about half a second. */
const TRIED_BYTES = 128 * 2 ** 20;
/** Pages looked at one by one without digests: about a second. */
const MOST_PAGES = 20_000;
const BAND_BYTES = 32 * 2 ** 20;

/**
 * Describes a stack for people and scripts. With `digest` each page gets the
 * SHA-256 of its decoded pixels: row-major, native type, little-endian, samples
 * interleaved.
 */
export async function describeStack(
  source: StackSource,
  options: DescribeOptions,
): Promise<StackDescription> {
  const { info } = source;
  const { x, y, z } = info.voxelSize;
  const known = x !== null || y !== null || z !== null;
  const { pages, warnings } = await describePages(source, options);
  return {
    width: info.width,
    height: info.height,
    depth: info.depth,
    type: info.type,
    samples: info.samples,
    voxelSize: known ? { x, y, z, unit: 'nm' } : null,
    axes: info.axes,
    compression: info.compression,
    byteOrder: info.byteOrder,
    warnings: [...info.warnings, ...warnings],
    pages,
  };
}

async function describePages(
  source: StackSource,
  options: DescribeOptions,
): Promise<{ pages: PageDescription[]; warnings: StackWarning[] }> {
  const { info } = source;
  const { page, digest, signal } = options;
  if (page !== undefined) assertSlice(info, page);
  const first = page ?? 0;
  const end = page ?? info.depth - 1;
  const last = digest ? end : Math.min(end, first + MOST_PAGES - 1);
  const pageBytes = info.width * info.height * info.samples * bytesPerSample(info.type);
  const tried = page === undefined ? Math.max(1, Math.floor(TRIED_BYTES / pageBytes)) : 1;
  const pages: PageDescription[] = [];
  const warnings: StackWarning[] = [];
  for (let z = first; z <= last; z += 1) {
    signal.throwIfAborted();
    const { state, bad, sha256 }: DigestedPage = digest
      ? await digestPage(source, z, signal)
      : await source.pageState(z, z - first < tried, signal);
    pages.push(sha256 === undefined ? { state } : { state, sha256 });
    const reason = bad[0];
    // Opening has looked at the places of the first page already, and warned of those.
    const told = z === 0 && info.warnings.some(({ code }) => code === `blocks-${state}`);
    if (reason !== undefined && !told)
      warnings.push({
        code: `blocks-${state}`,
        message: `Slice ${sliceMark(z)} can't be read completely (from row ${reason.y}: ${reason.reason}).`,
        page: z,
      });
    options.onProgress?.(z - first + 1, last - first + 1);
  }
  if (last < end)
    warnings.push({
      code: 'pages-not-checked',
      message: `The last ${end - last} pages were not looked at and are not listed; a digest reads them all.`,
    });
  const untried = last - first + 1 - tried;
  if (!digest && untried > 0 && info.compression !== 'none')
    warnings.push({
      code: 'pages-not-decoded',
      message: `The last ${untried} pages were not decoded, only their places checked; a digest reads them all.`,
    });
  return { pages, warnings };
}

async function digestPage(
  source: StackSource,
  z: number,
  signal: AbortSignal,
): Promise<DigestedPage> {
  const { width, height, samples, type } = source.info;
  const unit = source.readUnit.height;
  const rowBytes = width * samples * bytesPerSample(type);
  const rows = unit * Math.max(1, Math.floor(BAND_BYTES / (rowBytes * unit)));
  const hash = createHash('sha256');
  const bad: PageState['bad'][number][] = [];
  for (let y = 0; y < height; y += rows) {
    const region = await source.readRegion(z, { x: 0, y, width, height: rows }, 0, signal);
    bad.push(...region.bad.map((block) => ({ ...block, y: block.y + y })));
    hash.update(littleEndianBytes(region));
  }
  if (bad.length > 0) return { state: worstState(bad), bad };
  return { state: 'ok', bad, sha256: hash.digest('hex') };
}

function littleEndianBytes({ type, data }: Region): Uint8Array {
  const native = type === 'float16' && data instanceof Float32Array ? narrowToHalf(data) : data;
  const bytes = bytesOf(native);
  if (endianness() === 'BE') swapBytes(bytes, native.BYTES_PER_ELEMENT);
  return bytes;
}
