import { z } from 'zod';
import type { StackWarning, VoxelSize } from '#contract/entities';
import { edgeLength, unitInNanometres } from '../tiff/meta/length-unit';
import type { AxisPlan } from '../zarr/axis-plan';

/** What the attributes of a dataset say, as far as we know the words. */
export interface Hdf5Description {
  /** Names of the axes, slowest first; null where nothing is told. */
  readonly axes: readonly string[] | null;
  /** Edge lengths in `unit` along each axis; null where nothing is told. */
  readonly scale: readonly number[] | null;
  readonly unit: string;
  readonly warnings: readonly StackWarning[];
}

const Tags = z.object({
  axes: z.array(z.looseObject({ key: z.string().max(20), resolution: z.number().catch(0) })).max(8),
});
const Numbers = z.array(z.number()).min(2).max(6);

/** Reads an attribute by its name; undefined where there is none. */
export type AttributeReader = (name: string) => unknown;

function numbers(value: unknown): number[] | null {
  const list =
    value instanceof Float64Array || value instanceof Float32Array || value instanceof Int32Array
      ? [...value]
      : value instanceof BigInt64Array
        ? [...value].map(Number)
        : value;
  return Numbers.safeParse(list).data ?? null;
}

/** `axistags` of vigra and ilastik. */
function tagsOf(value: unknown): z.infer<typeof Tags> | null {
  if (typeof value !== 'string') return null;
  try {
    return Tags.safeParse(JSON.parse(value)).data ?? null;
  } catch {
    return null;
  }
}

/**
 * What the attributes say of axes and sizes: `axistags` (ilastik), `element_size_um`
 * (micrometres; ilastik, Fiji's HDF5 plugin), `resolution` with `units` or in
 * nanometres (CREMI and others that segment membranes).
 */
export function describeDataset(read: AttributeReader): Hdf5Description {
  const warnings: StackWarning[] = [];
  const tags = tagsOf(read('axistags'));
  const axes = tags?.axes.map(({ key }) => key) ?? null;
  const micrometres = numbers(read('element_size_um'));
  if (micrometres !== null) return { axes, scale: micrometres, unit: 'um', warnings };
  const nanometres = numbers(read('resolution'));
  if (nanometres !== null) {
    const told = read('units') ?? read('unit');
    if (typeof told === 'string' && unitInNanometres(told) !== null)
      return { axes, scale: nanometres, unit: told, warnings };
    warnings.push({
      code: 'unit-assumed',
      message: `The file gives its resolution as ${nanometres.join(', ')} without a unit; it is taken for nanometres.`,
    });
    return { axes, scale: nanometres, unit: 'nm', warnings };
  }
  const inTags = tags?.axes.map(({ resolution }) => resolution) ?? null;
  if (inTags?.some((length) => length > 0 && length !== 1) === true)
    warnings.push({
      code: 'unit-missing',
      message: `The file gives its resolution as ${inTags.filter((length) => length > 0).join(', ')}, but not in which unit; the size is left open.`,
    });
  return { axes, scale: null, unit: '', warnings };
}

/** Edge lengths of a voxel; a list of another length than there are axes is one of the last of z, y and x. */
export function voxelSizeOf({ scale, unit }: Hdf5Description, plan: AxisPlan): VoxelSize {
  const nm = unitInNanometres(unit);
  if (scale === null || nm === null) return { x: null, y: null, z: null, source: 'unknown' };
  const spatial = [plan.z, plan.y, plan.x].filter((axis) => axis !== null);
  spatial.sort((a, b) => a - b);
  const length = (axis: number | null): number | null => {
    if (axis === null) return null;
    const at = scale.length - spatial.length + spatial.indexOf(axis);
    const told = scale.length === plan.rank ? scale[axis] : scale[at];
    return edgeLength((told ?? NaN) * nm);
  };
  const z = plan.slicesAreTimes ? null : length(plan.z);
  const found = { x: length(plan.x), y: length(plan.y), z };
  const some = found.x !== null || found.y !== null || found.z !== null;
  return { ...found, source: some ? 'file' : 'unknown' };
}
