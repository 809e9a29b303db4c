import type { StackWarning } from '#contract/entities';
import type { PageLayout } from './page-layout';
import { contradiction } from './plane-choice';
import type { StackDescription } from './stack-metadata';

/** What is to be said where the description promises other slices than there are. */
export function countWarnings(promised: number, depth: number, several: boolean): StackWarning[] {
  if (promised > depth)
    return [
      {
        code: 'planes-missing',
        message: `The description promises ${promised} slices; the file holds ${depth}.`,
      },
    ];
  if (promised > 1 && promised < depth && !several)
    return [
      {
        code: 'planes-more',
        message: `The description tells of ${promised} slices; the file holds ${depth}, and all are shown.`,
      },
    ];
  return [];
}

/** What is to be said where the description tells of pages of another size than they are. */
export function sizeWarnings(description: StackDescription, layout: PageLayout): StackWarning[] {
  if (description.kind !== 'ome') return [];
  const { width, height } = description.ome;
  const same =
    (width === null || width === layout.width) && (height === null || height === layout.height);
  if (same) return [];
  const told = `pages of ${width ?? '?'} × ${height ?? '?'} pixels`;
  return [contradiction(told, `pages of ${layout.width} × ${layout.height}`)];
}
