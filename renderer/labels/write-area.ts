import { compileRule, type PaintRule } from './paint-mode';
import { areaPixelCount, forEachSpan, type PixelArea } from './pixel-area';
import type { LabelTransaction } from './transaction';

/**
 * Writes a label byte of its own to every pixel of an area (in the order of
 * its spans) where the rule lets it. Throws a RangeError when there are not as
 * many labels as pixels.
 */
export function writeArea(
  transaction: LabelTransaction,
  area: PixelArea,
  labels: Uint8Array,
  rule: PaintRule,
): void {
  const pixels = areaPixelCount(area);
  if (labels.length !== pixels)
    throw new RangeError(`${String(labels.length)} labels for ${String(pixels)} pixels`);
  const compiled = compileRule(rule);
  let at = 0;
  forEachSpan(area, (y, start, end) => {
    transaction.write(y, start, labels.subarray(at, at + end - start), compiled);
    at += end - start;
  });
}
