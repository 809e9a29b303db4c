import { MembranaError } from '#contract/errors';
import { sliceMark } from '#contract/slice-marks';
import { labelRegion, type LabelRegion } from '../stacks/label-values';
import type { StackSource } from '../stacks/stack-source';

/** How many pixels have a value. */
export type ValueCounts = Map<number, number>;

/** Distinct values counted before giving up on listing them. */
const MOST_COUNTED = 1 << 20;
/** Pixels read at a time. */
const BAND_PIXELS = 1 << 22;

/**
 * Label values of rows of a slice.
 * @throws MembranaError stack.page-unreadable where a part of them can't be read; file.*; AbortError
 */
export async function readLabels(
  source: StackSource,
  z: number,
  rows: { readonly y: number; readonly height: number },
  signal: AbortSignal,
): Promise<LabelRegion> {
  const { width, meaning } = source.info;
  const region = await source.readRegion(z, { x: 0, ...rows, width }, 0, signal);
  const reason = region.bad[0]?.reason;
  if (reason === undefined) return labelRegion(region, meaning);
  throw new MembranaError(
    'stack.page-unreadable',
    `Label slice ${sliceMark(z)} can't be read: ${reason}.`,
    {
      hint: 'Export the labels again, or leave this slice out of both stacks.',
      data: { slice: z, reason },
    },
  );
}

/** How often each value of a label stack occurs. @throws as `readLabels` */
export async function countLabelValues(
  source: StackSource,
  signal: AbortSignal,
): Promise<ValueCounts> {
  const { width, height, depth, samples } = source.info;
  const rows = Math.max(1, Math.floor(BAND_PIXELS / (width * samples)));
  const counts: ValueCounts = new Map();
  for (let z = 0; z < depth; z += 1) {
    for (let y = 0; y < height; y += rows) {
      const { values } = await readLabels(source, z, { y, height: rows }, signal);
      addCounts(counts, values);
    }
  }
  return counts;
}

function addCounts(counts: ValueCounts, data: ArrayLike<number | bigint>): void {
  // Labels come in long runs: one look-up a run.
  for (let i = 0; i < data.length;) {
    const value = data[i];
    let end = i + 1;
    while (end < data.length && data[end] === value) end += 1;
    const key = Number(value);
    const known = counts.get(key);
    if (known !== undefined) counts.set(key, known + end - i);
    else if (counts.size < MOST_COUNTED) counts.set(key, end - i);
    i = end;
  }
}

/** Membranes are thin: in labelled EM stacks they cover this share of the pixels. */
const MEMBRANE_SHARE = { least: 0.05, most: 0.4 };

/** Whether a value covers as much as membranes do. */
export function isThin(counts: ValueCounts, value: number): boolean {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const share = (counts.get(value) ?? 0) / total;
  return share >= MEMBRANE_SHARE.least && share <= MEMBRANE_SHARE.most;
}
