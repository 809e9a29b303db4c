import type { StackWarning } from '#contract/entities';
import type { ChainPage } from './directory-chain';

/**
 * The largest group of pages of the same size and sample type (the first of
 * equals): slices of a stack are alike, the rest are previews or another series.
 */
export function uniformGroup(pages: readonly ChainPage[]): {
  readonly pages: readonly ChainPage[];
  readonly warnings: readonly StackWarning[];
} {
  const counts = new Map<string, number>();
  for (const { shape } of pages) counts.set(shape, (counts.get(shape) ?? 0) + 1);
  if (counts.size <= 1) return { pages, warnings: [] };
  let best = '';
  for (const [shape, count] of counts) {
    const empty = shape.startsWith('0 ') || shape.split(' ')[1] === '0';
    if (!empty && count > (counts.get(best) ?? 0)) best = shape;
  }
  const group = pages.filter(({ shape }) => shape === best);
  if (group.length === 0) return { pages, warnings: [] };
  const left = pages.length - group.length;
  return {
    pages: group,
    warnings: [
      {
        code: 'mixed-pages',
        message: `The file's ${pages.length} pages differ in size or type; the largest group alike, ${group.length} pages, is the stack, and ${left} are left out.`,
      },
    ],
  };
}
