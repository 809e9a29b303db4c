import type { StackWarning } from '#contract/entities';
import { corruptZarr, unsupportedZarr } from './zarr-errors';
import type { ZarrArray } from './zarr-array';

/** Which axis of an array is which, by number. */
export interface AxisPlan {
  readonly rank: number;
  readonly x: number;
  readonly y: number;
  /** The axis that the slices run along; null for a single slice. */
  readonly z: number | null;
  /** Null where all there is is one channel without an axis. */
  readonly c: number | null;
  /** Channels that are read: 1 without an axis of them. */
  readonly channels: number;
  /** Slices saved as times. */
  readonly slicesAreTimes: boolean;
}

/** Names of axes where nothing is told, by how many there are, as OME-Zarr had them before 0.3. */
const usual: Readonly<Record<number, readonly string[]>> = {
  2: ['y', 'x'],
  3: ['z', 'y', 'x'],
  4: ['c', 'z', 'y', 'x'],
  5: ['t', 'c', 'z', 'y', 'x'],
};
const MOST_CHANNELS = 256;

/**
 * Which axes are slices, rows, columns and channels; what is taken for granted goes to `warnings`.
 * @throws MembranaError stack.corrupt, stack.unsupported
 */
export function axisPlan(
  name: string,
  { shape, dimensionNames }: Pick<ZarrArray, 'shape' | 'dimensionNames'>,
  told: readonly string[] | null,
  warnings: StackWarning[],
): AxisPlan {
  const names = namesOf(shape.length, told ?? dimensionNames);
  if (names.length === 0) throw unsupportedZarr(name, `${shape.length} axes`);
  if (names.length !== shape.length)
    throw corruptZarr(name, `it names ${names.length} axes and has ${shape.length}`);
  const twice = names.find((axis, i) => axis !== '' && names.indexOf(axis) !== i);
  if (twice !== undefined)
    throw corruptZarr(name, `it names the axis “${twice.slice(0, 40)}” twice`);
  const at = (axis: string): number | null => {
    const found = names.indexOf(axis);
    return found < 0 ? null : found;
  };
  const [x, y] = [at('x'), at('y')];
  if (x === null || y === null)
    throw unsupportedZarr(name, `axes without rows and columns (${names.join(', ')})`);
  const length = (axis: number | null): number => (axis === null ? 1 : (shape[axis] ?? 1));
  const strange = names.find(
    (axis, i) => !['x', 'y', 'z', 'c', 't'].includes(axis) && length(i) > 1,
  );
  if (strange !== undefined) throw unsupportedZarr(name, `an axis “${strange.slice(0, 40)}”`);
  const times = length(at('t'));
  const slicesAreTimes = times > 1 && length(at('z')) === 1;
  if (slicesAreTimes)
    warnings.push({
      code: 'axes-as-slices',
      message: `The file has ${times} frames; all are shown as slices, in the order they were saved.`,
    });
  else if (times > 1)
    warnings.push({
      code: 'first-time',
      message: `The file has ${times} times beside ${length(at('z'))} slices; the first time is opened.`,
    });
  const c = at('c');
  const channels = length(c);
  if (channels > MOST_CHANNELS) throw unsupportedZarr(name, `${channels} channels`);
  if (channels > 1)
    warnings.push({
      code: 'channels',
      message: `Each pixel has ${channels} channels; the first is looked at (--channel chooses another one on the command line, 0 being the first).`,
    });
  return {
    rank: shape.length,
    x,
    y,
    z: slicesAreTimes ? at('t') : at('z'),
    c,
    channels,
    slicesAreTimes,
  };
}

/** Names in small letters; the usual ones where the file has none that tell. */
function namesOf(rank: number, told: readonly string[] | null): readonly string[] {
  const names = told?.map((axis) => axis.toLowerCase()) ?? [];
  return names.includes('x') && names.includes('y')
    ? names
    : told === null || names.every((axis) => /^(dim_?\d+)?$/.test(axis))
      ? (usual[rank] ?? [])
      : names;
}
