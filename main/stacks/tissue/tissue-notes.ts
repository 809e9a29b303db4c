import type { Emptied } from './marks';
import type { Tissue } from './tissue';

/** Shares below this are not worth a word. */
const WORTH = 0.0005;

/** What a person should know about a slice's tissue, as a sentence without a full stop; empty where it is all tissue. */
export function tissueNote({ width, height, empty, outliers, box }: Tissue): string {
  const pixels = width * height;
  if (box === null) return `no tissue (${reasons(empty, pixels) || 'nothing is left'})`;
  const lost = empty.reduce((sum, part) => sum + part.pixels, 0);
  const parts: string[] = [];
  if (lost >= WORTH * pixels)
    parts.push(`${percent(lost / pixels)} holds no tissue (${reasons(empty, pixels)})`);
  if (outliers >= WORTH * pixels)
    parts.push(
      `${percent(outliers / pixels)} are outliers such as hot pixels, taken for their neighbours`,
    );
  return parts.join('; ');
}

/** Each kind once, the largest first. */
function reasons(empty: readonly Emptied[], pixels: number): string {
  const sums = new Map<string, number>();
  for (const part of empty) sums.set(reasonOf(part), (sums.get(reasonOf(part)) ?? 0) + part.pixels);
  return [...sums]
    .filter(([, count]) => count >= WORTH * pixels)
    .sort((a, b) => b[1] - a[1])
    .map(([reason]) => reason)
    .join(', ');
}

function reasonOf(part: Emptied): string {
  switch (part.kind) {
    case 'unreadable':
      return 'parts that can’t be read';
    case 'transparent':
      return 'transparent pixels (alpha 0)';
    case 'not-a-number':
      return 'pixels without a number';
    case 'blank':
      return 'one grey value only: the slice is blank';
    case 'noise':
      return 'noise without any structure: the slice is blank';
    case 'islands':
      return 'edges and lettering in the border';
    case 'border':
      return `a constant border or bar of value ${short(part.value)}`;
    case 'box':
      return `a constant box of value ${short(part.value)}`;
    case 'no-data':
      return `the no-data value ${short(part.value)}`;
  }
}

const short = (value: number): string => String(Number(value.toPrecision(6)));

const percent = (share: number): string =>
  `${(100 * share).toFixed(share < 0.1 ? 1 : 0).replace(/\.0$/, '')} %`;
