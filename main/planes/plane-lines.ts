import type { BadBlock } from '#contract/entities';
import type { PlaneAxis } from '#contract/planes';
import { intersect, type Rect } from '#contract/tiles';
import type { Region } from '#main/stacks/stack-source';
import { interleave } from '#volume/pixel-array';

/** What can't be read of a plane, in pixels of the tile. */
export type Gap = BadBlock;

interface Target {
  readonly index: number;
  /** The tile, in pixels of the plane. */
  readonly rect: Rect;
}

interface Slab {
  readonly z: number;
  /** Where it lies in the slice. */
  readonly slab: Rect;
}

/** Copies the line that a plane shares with a slice from its slab into the tile. */
export function layLine(
  axis: PlaneAxis,
  { index, rect, out }: Target & { readonly out: Region },
  { z, slab, region }: Slab & { readonly region: Region },
): void {
  if (axis === 'xz') {
    const [from, to] = overlap(rect.x, rect.width, slab.x, slab.width);
    const start = (index - slab.y) * slab.width + from - slab.x;
    interleave(
      region.data,
      start,
      out.data,
      (z - rect.y) * rect.width + from - rect.x,
      1,
      to - from,
    );
    return;
  }
  const [from, to] = overlap(rect.y, rect.height, slab.y, slab.height);
  const start = (from - slab.y) * slab.width + index - slab.x;
  const first = (from - rect.y) * rect.width + z - rect.x;
  interleave(region.data, start, out.data, first, rect.width, to - from, slab.width);
}

/** The part of a bad block of a slab that the plane cuts, in pixels of the tile; null where it cuts none. */
export function gapOf(
  axis: PlaneAxis,
  { index, rect }: Target,
  { z, slab, block }: Slab & { readonly block: BadBlock },
): Gap | null {
  const inSlice = { ...block, x: block.x + slab.x, y: block.y + slab.y };
  const { state, reason } = block;
  const line: Rect =
    axis === 'xz'
      ? { x: inSlice.x, y: z, width: inSlice.width, height: 1 }
      : { x: z, y: inSlice.y, width: 1, height: inSlice.height };
  const [start, thick] = axis === 'xz' ? [inSlice.y, inSlice.height] : [inSlice.x, inSlice.width];
  const cut = index >= start && index < start + thick ? intersect(line, rect) : null;
  return cut && { ...cut, x: cut.x - rect.x, y: cut.y - rect.y, state, reason };
}

/** Gaps of the same extent in slices that follow each other become one. */
export function joinGaps(axis: PlaneAxis, gaps: readonly Gap[]): Gap[] {
  const zOf = (gap: Gap): number => (axis === 'xz' ? gap.y : gap.x);
  const joined: Gap[] = [];
  const open = new Map<string, number>();
  for (const gap of [...gaps].sort((a, b) => zOf(a) - zOf(b))) {
    const along = axis === 'xz' ? [gap.x, gap.width] : [gap.y, gap.height];
    const key = [...along, gap.state, gap.reason].join(' ');
    const at = open.get(key);
    const last = at === undefined ? undefined : joined[at];
    const end = last && (axis === 'xz' ? last.y + last.height : last.x + last.width);
    if (last && at !== undefined && end === zOf(gap))
      joined[at] =
        axis === 'xz' ? { ...last, height: last.height + 1 } : { ...last, width: last.width + 1 };
    else open.set(key, joined.push(gap) - 1);
  }
  return joined;
}

function overlap(
  a: number,
  aLength: number,
  b: number,
  bLength: number,
): readonly [from: number, to: number] {
  return [Math.max(a, b), Math.min(a + aLength, b + bLength)];
}
