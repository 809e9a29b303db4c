import type { StackWarning } from '#contract/entities';
import type { DirectoryChain } from '../container/directory-chain';
import { imageJAxes } from './imagej';
import { omeAxes, omePlanes } from './ome-planes';
import type { OmeDescription } from './ome';
import { axesWarnings, type PlaneAxis } from './stack-axes';
import type { StackDescription } from './stack-metadata';
import type { StackPages } from './stack-pages';

/** Which directory holds each slice, in the order of the slices. */
export interface PlaneChoice {
  /** Places in the list of directories; null for a slice that the file does not hold. */
  readonly planes: readonly (number | null)[];
  /** Slices that the description promises; 1 where it says nothing, null where it takes the pages' layout to tell. */
  readonly promised: number | null;
  readonly axes: readonly PlaneAxis[];
  readonly warnings: readonly StackWarning[];
}

/**
 * Brings together what the description says and what the directories are. Where
 * they contradict each other the directories count, and it is said.
 */
export function choosePlanes(
  chain: DirectoryChain,
  { pages }: StackPages,
  description: StackDescription,
): PlaneChoice {
  switch (description.kind) {
    case 'ome':
      return omeChoice(chain, pages, description.ome);
    case 'imagej': {
      const { imageJ } = description;
      const axes = imageJAxes(imageJ);
      const product = axes.reduce((planes, { size }) => planes * size, 1);
      const warnings = [...axesWarnings(axes)];
      if (product > 1 && product !== imageJ.images)
        warnings.push(contradiction(`${imageJ.images} images`, `axes of ${product}`));
      return { planes: pages, promised: imageJ.images, axes, warnings };
    }
    case 'shape':
      return { planes: pages, promised: null, axes: [], warnings: [] };
    case 'none':
      return { planes: pages, promised: description.planes, axes: [], warnings: [] };
  }
}

export function contradiction(told: string, found: string): StackWarning {
  return {
    code: 'description-contradicts',
    message: `The description tells of ${told}, the file has ${found}; what is in the file counts.`,
  };
}

function omeChoice(
  chain: DirectoryChain,
  pages: readonly number[],
  ome: OmeDescription,
): PlaneChoice {
  const start = ome.map[0]?.directory ?? pages[0] ?? 0;
  const samples = Math.max(1, chain.shapes[chain.kinds[start] ?? -1]?.samples ?? 1);
  const axes = omeAxes(ome, samples);
  const { promised, directories, warnings: mapWarnings } = omePlanes(ome, samples);
  const warnings = [...axesWarnings(axes), ...mapWarnings];
  if (ome.others.length > 0) {
    const opened =
      ome.name === '' ? `the ${ome.place}` : `the ${ome.place} ("${ome.name.slice(0, 60)}")`;
    warnings.push({
      code: 'ome-series',
      message: `The file holds several images; ${opened} is opened. Left out: ${ome.others.join(', ')}.`,
    });
  }
  const count = chain.offsets.length;
  const held = (directories ?? []).map((place) => (place !== null && place < count ? place : null));
  const last = held.findLastIndex((place) => place !== null);
  if (directories === null || last < 0) {
    if (directories !== null)
      warnings.push(contradiction('directories that are not there', `${count} others`));
    // With other images behind it, the first one ends where its sizes say.
    const own = ome.others.length > 0 ? pages.slice(0, promised) : pages;
    return { planes: own, promised, axes, warnings };
  }
  const present = held.slice(0, last + 1);
  // Planes that a companion file holds are no holes of this one.
  const planes = ome.elsewhere > 0 ? present.filter((place) => place !== null) : present;
  const holes = planes.filter((place) => place === null).length;
  if (holes > 0)
    warnings.push({
      code: 'planes-missing',
      message: `The OME-XML names no directory for ${holes} of its planes; they are shown as missing.`,
    });
  const kind = chain.kinds[planes.find((place) => place !== null) ?? 0];
  const odd = planes.filter((place) => place !== null && chain.kinds[place] !== kind).length;
  if (odd > 0) warnings.push(contradiction('planes alike', `${odd} of another size or type`));
  const used = new Set(planes);
  const unused = pages.filter((page) => !used.has(page)).length;
  if (unused > 0 && ome.others.length === 0)
    warnings.push(contradiction(`${planes.length} planes`, `${unused} pages more, left out`));
  return { planes, promised: ome.elsewhere > 0 ? planes.length : promised, axes, warnings };
}
