import { basename } from 'node:path';
import type { LabelSummary, StackInfo } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { countLabelValues, isThin, type ValueCounts } from '#main/import/count-values';
import { labelValueText } from '#main/stacks/label-values';
import { meaningNotes } from '#main/stacks/meaning-notes';
import { openStack } from '#main/stacks/open-stack';

/** Values listed at most, the most frequent first; cells numbered one by one have thousands. */
const MOST_VALUES = 64;
/**
 * The value that probably means membrane: of two values the rarer one, if its
 * share is a membrane's; of many (cells numbered), 0 if its share is. Null = ask.
 */
export function suggestMembrane(counts: ValueCounts): number | null {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const share = (value: number): number => (counts.get(value) ?? 0) / total;
  if (counts.size === 2) {
    const rarer = [...counts.keys()].reduce((a, b) => (share(a) <= share(b) ? a : b));
    return isThin(counts, rarer) ? rarer : null;
  }
  return counts.size > 2 && isThin(counts, 0) ? 0 : null;
}

/** The last sixth of the slices, at least one, to validate on; a single slice trains, and nothing validates. */
export function suggestSplit(depth: number): { train: number[]; validate: number[] } {
  const all = Array.from({ length: depth }, (_, z) => z);
  if (depth < 2) return { train: all, validate: [] };
  const held = Math.max(1, Math.round(depth / 6));
  return {
    train: all.slice(0, depth - held),
    validate: all.slice(depth - held),
  };
}

function assertSameShape(image: StackInfo, labels: StackInfo, names: [string, string]): void {
  const shape = ({ width, height, depth }: StackInfo): string => `${width} × ${height} × ${depth}`;
  if (shape(image) === shape(labels)) return;
  throw new MembranaError(
    'stack.shape-mismatch',
    `${names[1]} is ${shape(labels)}, but ${names[0]} is ${shape(image)}.`,
    {
      hint: 'Choose the label stack that was drawn on this stack: width, height and number of slices must agree.',
      data: { image: shape(image), labels: shape(labels), file: names[1] },
    },
  );
}

/**
 * What the values of a label stack could mean, over all its slices.
 * @throws MembranaError stack.shape-mismatch, labels.none, labels.one-class, stack.page-unreadable, file.*, tiff.*
 */
export async function summariseLabels(
  imagePath: string,
  labelsPath: string,
  signal: AbortSignal,
): Promise<LabelSummary> {
  const image = await openStack(imagePath, { signal });
  try {
    const labels = await openStack(labelsPath, { signal });
    try {
      const { info } = labels;
      const names: [string, string] = [basename(imagePath), basename(labelsPath)];
      assertSameShape(image.info, info, names);
      const counts = await countLabelValues(labels, signal);
      if (counts.size === 1) {
        throw new MembranaError('labels.one-class', `${names[1]} holds one value only.`, {
          hint: 'Labels need at least two values: membrane, and everything else.',
          data: { file: names[1], value: [...counts.keys()][0] ?? null },
        });
      }
      const total = info.width * info.height * info.depth;
      const split = suggestSplit(info.depth);
      return {
        width: info.width,
        height: info.height,
        depth: info.depth,
        values: [...counts]
          .sort((a, b) => b[1] - a[1])
          .slice(0, MOST_VALUES)
          .map(([value, count]) => ({
            value,
            fraction: count / total,
            colour: info.meaning.kind === 'colour' ? labelValueText(value, info) : null,
          })),
        notes: meaningNotes(info),
        suggestedMembrane: suggestMembrane(counts),
        suggestedTrain: split.train,
        suggestedValidate: split.validate,
      };
    } finally {
      await labels.close();
    }
  } finally {
    await image.close();
  }
}
