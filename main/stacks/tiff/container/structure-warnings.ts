import type { StackWarning } from '#contract/entities';
import type { PageLayout } from '../pixels/page-layout';
import { contradiction } from '../meta/plane-choice';
import type { StackDescription } from '../meta/stack-metadata';

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

/** Names of OME that the types of samples have here by another one. */
const omeTypes: Readonly<Record<string, string>> = {
  bit: 'uint8',
  float: 'float32',
  double: 'float64',
};

/** What is to be said where the description tells of pages of another size or type than they are. */
export function sizeWarnings(description: StackDescription, layout: PageLayout): StackWarning[] {
  if (description.kind !== 'ome') return [];
  const { width, height, type } = description.ome;
  const warnings: StackWarning[] = [];
  const same =
    (width === null || width === layout.width) && (height === null || height === layout.height);
  if (!same) {
    const told = `pages of ${width ?? '?'} × ${height ?? '?'} pixels`;
    warnings.push(contradiction(told, `pages of ${layout.width} × ${layout.height}`));
  }
  const found = layout.format.type;
  if (type !== null && (omeTypes[type] ?? type) !== found)
    warnings.push(contradiction(`${type.slice(0, 20)} pixels`, `${found} pixels`));
  return warnings;
}
