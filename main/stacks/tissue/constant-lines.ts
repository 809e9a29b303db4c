import { type Emptied, type MarkedSlice, NOTHING, TISSUE } from './marks';

/** Rows and columns that may be peeled off each side: more of them are a region, which is found as one. */
const DEEPEST = 3;
/** A shorter line may be constant by chance. */
const SHORTEST = 16;

/**
 * Marks the outermost rows and columns that hold one value each, as padding to
 * a round size leaves them: too thin for a region with a middle.
 */
export function markLines(slice: MarkedSlice): Emptied[] {
  const { width, height } = slice;
  const found: Emptied[] = [];
  const row = (y: number): Line => ({ first: y * width, step: 1, count: width });
  const column = (x: number): Line => ({ first: x, step: width, count: height });
  for (const lineAt of [
    (i: number) => row(i),
    (i: number) => row(height - 1 - i),
    (i: number) => column(i),
    (i: number) => column(width - 1 - i),
  ]) {
    for (let i = 0; i < Math.min(DEEPEST, height, width); i += 1) {
      const line = lineAt(i);
      const value = constantOf(slice, line);
      if (value === null) break;
      let pixels = 0;
      for (const at of places(line)) {
        if (slice.marks[at] === TISSUE) pixels += 1;
        slice.marks[at] = NOTHING;
      }
      if (pixels > 0) found.push({ kind: 'border', value, pixels });
    }
  }
  return found;
}

interface Line {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

function* places({ first, step, count }: Line): Generator<number> {
  for (let i = 0; i < count; i += 1) yield first + i * step;
}

/** The one value of the line's pixels that are not known to be nothing; null where they differ or are too few. */
function constantOf({ values, marks }: MarkedSlice, line: Line): number | null {
  let value: number | null = null;
  let seen = 0;
  for (const at of places(line)) {
    if (marks[at] !== TISSUE) continue;
    seen += 1;
    const here = values[at] ?? 0;
    if (value !== null && here !== value) return null;
    value = here;
  }
  return seen >= SHORTEST ? value : null;
}
