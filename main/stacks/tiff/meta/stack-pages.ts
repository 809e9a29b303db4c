import type { StackWarning } from '#contract/entities';
import type { DirectoryChain } from '../container/directory-chain';
import type { PageShape } from '../container/directory-glance';
import { limits } from '../container/limits';

/** Directories that a stack's slices are taken from. */
export interface StackPages {
  /** Places in the list of directories, in order. */
  readonly pages: readonly number[];
  readonly warnings: readonly StackWarning[];
}

/**
 * The pages that are the picture: not the thumbnails, reduced copies and masks
 * that say so of themselves, nor directories that hang from another one as its
 * SubIFD; and of the rest the group alike that weighs most.
 * @param hanging offsets of SubIFDs
 * @param fileBytes no page can hold more than a file of this size does
 */
export function stackPages(
  chain: DirectoryChain,
  hanging: ReadonlySet<number>,
  fileBytes: number,
): StackPages {
  const all = Array.from(chain.offsets, (_, index) => index);
  // A million slices alike need no sorting out.
  const plain = hanging.size === 0 && chain.shapes.length <= 1;
  if (plain && chain.roles.every((role) => role === 'picture')) return { pages: all, warnings: [] };
  const free = all.filter((index) => index === 0 || !hanging.has(chain.offsets[index] ?? 0));
  const pictures = free.filter((index) => chain.roles[index] === 'picture');
  const reduced = free.filter((index) => chain.roles[index] === 'reduced');
  const candidates = [pictures, reduced, free].find((pages) => pages.length > 0) ?? [];
  const group = heaviestGroup(chain, candidates, fileBytes);
  const warnings: StackWarning[] = [...group.warnings];
  if (free.length < all.length)
    warnings.push({
      code: 'sub-directories',
      message: `${all.length - free.length} directories of the list belong to another one (SubIFDs); they are no slices and are left out.`,
    });
  const kind = chain.kinds[group.pages[0] ?? 0];
  const alike = reduced.filter((index) => chain.kinds[index] === kind).length;
  if (candidates === pictures && alike > 0)
    warnings.push({
      code: 'previews-left-out',
      message: `${alike} pages of the stack's own size call themselves previews; they are left out.`,
    });
  if (pictures.length === 0 && candidates.length > 0)
    warnings.push({
      code: 'reduced-only',
      message: 'The file calls all its pages previews or masks; they are shown as they are.',
    });
  return { pages: group.pages, warnings };
}

/**
 * Pages of the same size and sample type, by number × edge length (the first of
 * equals): a picture outweighs the few thumbnails beside it, and a stack the one
 * overview before it.
 */
function heaviestGroup(
  chain: DirectoryChain,
  candidates: readonly number[],
  fileBytes: number,
): StackPages {
  const counts = new Map<number, number>();
  for (const index of candidates) {
    const kind = chain.kinds[index] ?? 0;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  if (counts.size <= 1) return { pages: candidates, warnings: [] };
  const weight = (kind: number): number => {
    const { width, height } = chain.shapes[kind] ?? { width: 0, height: 0 };
    // A size that was damaged outweighs everything.
    if (width * height > fileBytes * limits.expansion) return 0;
    return (counts.get(kind) ?? 0) * Math.sqrt(width * height);
  };
  const best = [...counts.keys()].reduce((most, kind) =>
    weight(kind) > weight(most) ? kind : most,
  );
  const pages = candidates.filter((index) => chain.kinds[index] === best);
  if (weight(best) === 0) return { pages: candidates, warnings: [] };
  const left = [...counts].filter(([kind]) => kind !== best);
  const size = (kind: number, count: number): string => {
    const { width, height }: Pick<PageShape, 'width' | 'height'> = chain.shapes[kind] ?? {
      width: 0,
      height: 0,
    };
    return `${count} of ${width} × ${height} pixels`;
  };
  const named = left.slice(0, 4).map(([kind, count]) => size(kind, count));
  const rest = left.length > named.length ? ' and others' : '';
  return {
    pages,
    warnings: [
      {
        code: 'mixed-pages',
        message: `The file's ${candidates.length} pages differ in size or type; the stack is ${size(best, pages.length)}, and left out are ${named.join(', ')}${rest}.`,
      },
    ],
  };
}
