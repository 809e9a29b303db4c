import { MembranaError } from './errors';

/**
 * Parses "0-19", "3", "0-3,8,10-12" into ascending slice numbers.
 * Throws `stack.slice-out-of-range` beyond `depth` and `usage` on other text.
 */
export function parseSliceRange(text: string, depth: number): number[] {
  const slices = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part);
    if (!match) {
      throw new MembranaError('usage', `"${text}" is not a range of slices.`, {
        hint: 'Write slices as 0-19, or 0-3,8,10-12; the first slice is 0.',
        data: { range: text },
      });
    }
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    if (last < first || last >= depth) {
      throw new MembranaError(
        'stack.slice-out-of-range',
        `Slices ${part.trim()} are not in this stack.`,
        {
          hint: `It has slices 0-${String(depth - 1)}.`,
          data: { range: part.trim(), depth },
        },
      );
    }
    for (let z = first; z <= last; z += 1) slices.add(z);
  }
  return [...slices].sort((a, b) => a - b);
}

/** The shortest text that `parseSliceRange` reads back to the same slices. */
export function formatSliceRange(slices: readonly number[]): string {
  const sorted = [...new Set(slices)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length;) {
    let j = i;
    while (j + 1 < sorted.length && sorted[j + 1] === (sorted[j] ?? 0) + 1) j += 1;
    parts.push(i === j ? String(sorted[i]) : `${String(sorted[i])}-${String(sorted[j])}`);
    i = j + 1;
  }
  return parts.join(',');
}
