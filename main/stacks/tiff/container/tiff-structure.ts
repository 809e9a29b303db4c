import type { StackInfo } from '#contract/entities';
import type { SourceFile } from '../../source-file';
import { BlockTable } from '../pixels/block-table';
import { type Directory, readDirectory, type TiffHeader } from './directory';
import { type DirectoryChain, walkDirectories } from './directory-chain';
import type { PageLayout } from '../pixels/page-layout';
import { beginsArray, describedBy } from '../meta/described-page';
import { pageStructure } from '../pixels/page-structure';
import { choosePlanes, contradiction, type PlaneChoice } from '../meta/plane-choice';
import { contiguousPlanes } from '../meta/plane-plan';
import { readLayout } from '../pixels/read-layout';
import { planesOfShape } from '../meta/shape-description';
import { stackAxes } from '../meta/stack-axes';
import type { StackDescription } from '../meta/stack-metadata';
import { shownSamples } from '../pixels/shown-region';
import { stackPages } from '../meta/stack-pages';
import { countWarnings, sizeWarnings } from './structure-warnings';
import { hangingDirectories } from './sub-directories';
import { compressionName } from './tags';
import { readHeader } from './tiff-header';
import { chainWarnings, directoryWarnings } from '../meta/tiff-warnings';

/** Everything about a TIFF but its pixels, as plain data: a worker reads it. */
export interface TiffStructure {
  readonly info: StackInfo;
  readonly header: TiffHeader;
  /** Directory of each slice; NaN for a slice that the file does not hold. */
  readonly offsets: Float64Array<ArrayBuffer>;
  /** Layout that all slices share, and the directory it was read from. */
  readonly layout: PageLayout;
  readonly layoutOffset: number;
  /** Distance in bytes of planes that one directory describes; null where each slice has its own. */
  readonly planeBytes: number | null;
}

/**
 * Reads the structure of a TIFF, no pixels.
 * @throws MembranaError tiff.*, file.*; AbortError
 */
export async function readStructure(file: SourceFile, signal: AbortSignal): Promise<TiffStructure> {
  const header = await readHeader(file);
  const chain = await walkDirectories(file, header, signal);
  const hanging = await hangingDirectories(file, header, chain, signal);
  const group = stackPages(chain, hanging, file.size);
  const metadata = await describedBy(file, header, chain, group.pages[0] ?? 0);
  const { description } = metadata;
  const choice = choosePlanes(chain, group, description);
  const first = choice.planes.find((place) => place !== null) ?? 0;
  const offset = chain.offsets[first] ?? header.firstDirectory;
  const directory = await readDirectory(file, header, offset);
  const layout = await readLayout(file, header, directory);
  const series = await firstArray(file, header, chain, choice, description, layout);
  const table = new BlockTable(file, header, layout);
  const contiguous =
    series.planes.length === 1
      ? await contiguousPlanes(table, series.promised, placesOf(directory))
      : null;
  const depth = contiguous?.planes ?? series.planes.length;
  const page = { file, bigEndian: !header.littleEndian, table, shift: 0 };
  const structure = await pageStructure(page);
  const shown = shownSamples(layout);
  const several = description.kind === 'ome' && description.ome.others.length > 0;
  const info: StackInfo = {
    width: layout.width,
    height: layout.height,
    depth,
    type: shown.type,
    samples: shown.samples,
    meaning: layout.colour.meaning,
    voxelSize: metadata.voxelSize,
    axes: `${stackAxes(series.axes, depth)}${shown.samples > 1 ? 'S' : ''}`,
    compression: compressionName(layout.compression) ?? String(layout.compression),
    byteOrder: header.littleEndian ? 'little' : 'big',
    fileBytes: file.size,
    warnings: [
      ...chainWarnings(chain),
      ...(group.pages.includes(first) ? group.warnings : []),
      ...directoryWarnings(directory),
      ...layout.warnings,
      ...sizeWarnings(description, layout),
      ...countWarnings(series.promised, depth, several),
      ...structure.warnings,
      ...metadata.warnings,
      ...series.warnings,
    ],
  };
  return {
    info,
    header,
    offsets: Float64Array.from(series.planes, (place) =>
      place === null ? NaN : (chain.offsets[place] ?? NaN),
    ),
    layout,
    layoutOffset: offset,
    planeBytes: contiguous?.planeBytes ?? null,
  };
}

/** Where a directory and the values that it points to begin. */
function placesOf({ offset, entries }: Directory): number[] {
  return [offset, ...Array.from(entries.values(), ({ at }) => at)];
}

type Series = PlaneChoice & { readonly promised: number };

/** The first of the arrays that scientific Python wrote into one file; any other choice as it is. */
async function firstArray(
  file: SourceFile,
  header: TiffHeader,
  chain: DirectoryChain,
  choice: PlaneChoice,
  description: StackDescription,
  layout: PageLayout,
): Promise<Series> {
  if (description.kind !== 'shape') return { ...choice, promised: choice.promised ?? 1 };
  const { shape } = description;
  const { planes } = choice;
  const promised = planesOfShape(shape, layout);
  if (promised === null) {
    const told = `an array of ${shape.slice(0, 8).join(' × ')}`;
    const found = `pages of ${layout.width} × ${layout.height}`;
    return { ...choice, promised: 1, warnings: [contradiction(told, found)] };
  }
  const next = chain.offsets[planes[promised] ?? -1];
  if (next === undefined || !(await beginsArray(file, header, next)))
    return { ...choice, promised };
  const left = planes.length - promised;
  const message = `The file holds several arrays; the first, ${promised} pages, is opened, and ${left} pages are left out.`;
  return {
    ...choice,
    promised,
    planes: planes.slice(0, promised),
    warnings: [{ code: 'series', message }],
  };
}
