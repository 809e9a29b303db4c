import type { StackWarning } from '#contract/entities';
import { unsupportedHdf5 } from './hdf5-errors';

/** More values of an axis than this are no channels. */
const MOST_CHANNELS = 4;
/** An axis without meaning, one value long. */
const SINGLE = '1';

/**
 * Names of the axes of a dataset that does not name them. Two or three axes are
 * rows and columns with slices in front; a short one at either end is taken for
 * channels, which is said in a warning.
 * @throws MembranaError stack.unsupported
 */
export function usualAxes(
  name: string,
  shape: readonly number[],
  warnings: StackWarning[],
): readonly string[] {
  const long = shape.flatMap((length, axis) => (length > 1 ? [axis] : []));
  const lengths = long.map((axis) => shape[axis] ?? 1);
  const words = namesOf(lengths);
  if (words === null)
    throw unsupportedHdf5(name, `${shape.length} axes (${shape.join(' × ')}) without their names`);
  if (words.includes('c'))
    warnings.push({
      code: 'axes-assumed',
      message: `The file does not name its axes (${shape.join(' × ')}); they are taken for ${words.join(', ')}, c being channels.`,
    });
  return shape.map((_, axis) => words[long.indexOf(axis)] ?? SINGLE);
}

function namesOf(lengths: readonly number[]): readonly string[] | null {
  const last = lengths.at(-1) ?? 1;
  switch (lengths.length) {
    case 2:
      return ['y', 'x'];
    case 3:
      return last <= MOST_CHANNELS ? ['y', 'x', 'c'] : ['z', 'y', 'x'];
    case 4:
      if (last <= MOST_CHANNELS) return ['z', 'y', 'x', 'c'];
      return (lengths[0] ?? 1) <= MOST_CHANNELS ? ['c', 'z', 'y', 'x'] : null;
    default:
      return null;
  }
}
