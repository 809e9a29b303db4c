import { basename } from 'node:path';
import {
  MOST_CLASS_VALUES,
  type LabelClass,
  type LabelFileSummary,
  type StackInfo,
} from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { labelValueText } from '../stacks/label-values';
import { meaningNotes } from '../stacks/meaning-notes';
import { openStack } from '../stacks/open-stack';
import { countLabelValues } from './count-values';
import { suggestMapping } from './suggest-mapping';

/** The stack that labels are imported to. */
export interface ImportTarget {
  readonly name: string;
  readonly info: Pick<StackInfo, 'width' | 'height' | 'depth'>;
}

const size = ({ width, height }: Pick<StackInfo, 'width' | 'height'>): string =>
  `${width} × ${height} pixels`;
const slices = (count: number): string => `${count} ${count === 1 ? 'slice' : 'slices'}`;

function mismatch(file: string, message: string, hint: string): MembranaError {
  return new MembranaError('stack.shape-mismatch', message, {
    hint,
    safe: 'Nothing was imported.',
    data: { file },
  });
}

/** @throws MembranaError stack.shape-mismatch, saying in words what does not fit */
export function assertFits(
  file: string,
  labels: Pick<StackInfo, 'width' | 'height' | 'depth'>,
  { name, info }: ImportTarget,
  first = 0,
): void {
  const { width, height } = labels;
  if (width !== info.width || height !== info.height) {
    const turned = width === info.height && height === info.width;
    throw mismatch(
      file,
      `${file} has slices of ${size(labels)}, but those of ${name} have ${size(info)}.`,
      turned
        ? 'Rows and columns are swapped: save the labels again with the axes in the order z, y, x.'
        : 'Choose the labels that were drawn on this stack, at its full size.',
    );
  }
  if (first + labels.depth <= info.depth) return;
  throw mismatch(
    file,
    first === 0
      ? `${file} has ${slices(labels.depth)}, but ${name} has ${info.depth}.`
      : `${file} has ${slices(labels.depth)}, which are too many from there on: ${name} has ${info.depth}.`,
    first === 0
      ? 'Choose the labels that were drawn on this stack.'
      : 'Choose an earlier first slice.',
  );
}

/**
 * What a label file holds and what its values probably mean.
 * @throws MembranaError stack.shape-mismatch, stack.page-unreadable, file.*, tiff.*, stack.*
 */
export async function inspectLabelFile(
  path: string,
  target: ImportTarget,
  classes: readonly LabelClass[],
  signal: AbortSignal,
): Promise<LabelFileSummary> {
  const labels = await openStack(path, { signal });
  try {
    const { info } = labels;
    const name = basename(path);
    assertFits(name, info, target);
    const counts = await countLabelValues(labels, signal);
    const total = info.width * info.height * info.depth;
    const text = (value: number): string => labelValueText(value, info);
    return {
      name,
      depth: info.depth,
      distinct: counts.size,
      values: [...counts]
        .sort((a, b) => b[1] - a[1])
        .slice(0, MOST_CLASS_VALUES)
        .map(([value, count]) => ({
          value,
          fraction: count / total,
          colour: info.meaning.kind === 'colour' ? text(value) : null,
        })),
      notes: meaningNotes(info),
      suggestion: suggestMapping(counts, classes, text),
    };
  } finally {
    await labels.close();
  }
}
