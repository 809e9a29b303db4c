import { MembranaError } from './errors';

/** What the first slice of a stack is called: 1 in the window, 0 on the command line. Data is 0-based everywhere. */
export type FirstSlice = 0 | 1;

/**
 * Parses "0-19", "3", "0-3,8,10-12" into ascending slice numbers, 0-based
 * whatever the first slice is called in the text.
 * Throws `stack.slice-out-of-range` beyond `depth` and `usage` on other text.
 */
export function parseSliceRange(text: string, depth: number, called: FirstSlice = 0): number[] {
  const slices = new Set<number>();
  const [start, end] = [String(called), String(depth - 1 + called)];
  for (const part of text.split(',')) {
    const match = /^\s*(\d+)\s*(?:[-–]\s*(\d+)\s*)?$/.exec(part);
    if (!match) {
      const examples =
        called === 0 ? '0-19, or 0-3,8,10-12; the first slice is 0' : '1-20, or 1-4,9,11-13';
      throw new MembranaError('usage', `"${text}" is not a range of slices.`, {
        hint: `Write slices as ${examples}.`,
        data: { range: text },
      });
    }
    const first = Number(match[1]) - called;
    const last = match[2] === undefined ? first : Number(match[2]) - called;
    if (first < 0 || last < first || last >= depth) {
      throw new MembranaError(
        'stack.slice-out-of-range',
        `Slices ${part.trim()} are not in this stack.`,
        { hint: `It has slices ${start}-${end}.`, data: { range: part.trim(), depth } },
      );
    }
    for (let z = first; z <= last; z += 1) slices.add(z);
  }
  return [...slices].sort((a, b) => a - b);
}

/** The shortest text that `parseSliceRange` reads back to the same slices. */
export function formatSliceRange(slices: readonly number[], called: FirstSlice = 0): string {
  const sorted = [...new Set(slices)].sort((a, b) => a - b);
  const parts: string[] = [];
  const name = (z: number | undefined): string => String((z ?? 0) + called);
  for (let i = 0; i < sorted.length;) {
    let j = i;
    while (j + 1 < sorted.length && sorted[j + 1] === (sorted[j] ?? 0) + 1) j += 1;
    parts.push(i === j ? name(sorted[i]) : `${name(sorted[i])}-${name(sorted[j])}`);
    i = j + 1;
  }
  return parts.join(',');
}
