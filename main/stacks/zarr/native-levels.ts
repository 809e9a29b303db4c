import type { StackWarning } from '#contract/entities';
import { sizeAtLevel } from '#contract/tiles';
import type { Extent, VolumeLevel } from '#volume/volume-info';
import type { AxisPlan } from './axis-plan';
import type { ZarrArray } from './zarr-array';

/** The array of a resolution. */
export interface LevelArray {
  /** Relative to the folder that was opened. */
  readonly path: string;
  readonly scale: readonly number[] | null;
  readonly array: ZarrArray;
}

export interface ChosenLevels {
  readonly levels: readonly [VolumeLevel, ...VolumeLevel[]];
  readonly arrays: readonly LevelArray[];
}

const MOST_HALVINGS = 20;

function extentOf(sizes: readonly number[], { x, y, z }: AxisPlan): Extent {
  return { x: sizes[x] ?? 1, y: sizes[y] ?? 1, z: z === null ? 1 : (sizes[z] ?? 1) };
}

/** How often the sides were halved, rounding up or down; null where they were not. */
function halvingsOf(shape: Extent, native: Extent): number | null {
  const fits = (found: number, size: number, level: number): boolean => {
    const ours = sizeAtLevel(size, level);
    return found === ours || (found === ours - 1 && found > 0);
  };
  for (let level = 1; level <= MOST_HALVINGS; level += 1)
    if (fits(shape.x, native.x, level) && fits(shape.y, native.y, level)) return level;
  return null;
}

/**
 * The resolutions that can stand for a slice seen from afar: whole slices, halved.
 * Those that thin out the slices, too, would show a mixture of neighbours and are
 * not used; those that fit nothing are said to be left out.
 */
export function chosenLevels(
  all: readonly LevelArray[],
  native: LevelArray,
  plan: AxisPlan,
  warnings: StackWarning[],
): ChosenLevels {
  const shape = extentOf(native.array.shape, plan);
  const first: VolumeLevel = { halvings: 0, shape, chunk: extentOf(native.array.chunk, plan) };
  const levels: [VolumeLevel, ...VolumeLevel[]] = [first];
  const arrays = [native];
  for (const level of all) {
    if (level === native) continue;
    const { array } = level;
    const found = extentOf(array.shape, plan);
    const halvings = halvingsOf(found, shape);
    const sameRank = array.shape.length === plan.rank;
    const sameChannels = plan.c === null || array.shape[plan.c] === plan.channels;
    const thinned = found.z < shape.z && found.z >= 1;
    const alike = sameRank && sameChannels && array.type === native.array.type;
    if (
      !alike ||
      found.z > shape.z ||
      (halvings === null && !thinned && !isSmaller(found, shape))
    ) {
      warnings.push({
        code: 'level-dropped',
        message: `Resolution ${level.path} (${array.shape.join(' × ')}, ${array.type}) does not fit the first one (${native.array.shape.join(' × ')}, ${native.array.type}); it is not used.`,
      });
      continue;
    }
    // Coarser in another way than by halves, or in its slices too: right, but of no use for a slice.
    if (halvings === null || thinned || levels.some((one) => one.halvings === halvings)) continue;
    levels.push({ halvings, shape: found, chunk: extentOf(array.chunk, plan) });
    arrays.push(level);
  }
  return { levels, arrays };
}

/** Coarser by the same factor along both sides, give or take a pixel. */
function isSmaller(found: Extent, native: Extent): boolean {
  const factor = native.x / found.x;
  return factor > 1 && Math.abs(native.y / factor - found.y) <= 1;
}
