import { imageInput } from '../../../network/network';
import type { ActivationRanges, ChannelRanges } from '../../engine';
import { stepInputs, type Step } from '../steps';

/**
 * How a map is kept in bytes: channel c holds (byte − zeroPoint) · scales[c].
 * Scales differ from channel to channel, because the convolution that reads
 * the map takes them into its weights; the zero point is one for the map.
 */
export interface Encoding {
  readonly zeroPoint: number;
  readonly scales: Float32Array<ArrayBuffer>;
}

const largestByte = 255;

/** A channel that was silent while ranges were taken may speak elsewhere: it gets at least this share of the widest range. */
const narrowestShare = 1e-3;

/** Steps that hand bytes on as they are, so that what they read and what they make has one zero point. */
function carries(step: Step): boolean {
  return step.kind === 'max-pool' || step.kind === 'upsample' || step.kind === 'concatenate';
}

/** The maps that have to share a zero point, each by one of them. */
function groupsOf(steps: readonly Step[]): (name: string) => string {
  const leaders = new Map<string, string>();
  const leaderOf = (name: string): string => {
    let leader = name;
    for (let next = leaders.get(leader); next !== undefined; next = leaders.get(leader))
      leader = next;
    return leader;
  };
  for (const step of steps.filter(carries)) {
    for (const input of stepInputs(step)) {
      const [a, b] = [leaderOf(input), leaderOf(step.name)];
      if (a !== b) leaders.set(b, a);
    }
  }
  return leaderOf;
}

/** Where zero lies between the lowest and the highest values: 0 for maps that are never negative. */
function zeroPointOf(ranges: readonly ChannelRanges[]): number {
  let below = 0;
  let above = 0;
  for (const { lowest, highest } of ranges) {
    for (const value of lowest) below += Math.max(0, -value);
    for (const value of highest) above += Math.max(0, value);
  }
  return below === 0 ? 0 : Math.round((largestByte * below) / (below + above));
}

function scalesOf(
  { lowest, highest }: ChannelRanges,
  zeroPoint: number,
): Float32Array<ArrayBuffer> {
  const scales = highest.map((high, channel) => {
    const above = zeroPoint === largestByte ? 0 : high / (largestByte - zeroPoint);
    const below = zeroPoint === 0 ? 0 : -(lowest[channel] ?? 0) / zeroPoint;
    return Math.max(0, above, below);
  });
  const widest = scales.reduce((most, scale) => Math.max(most, scale), 0);
  const narrowest = widest === 0 ? 1 : widest * narrowestShare;
  return scales.map((scale) => Math.max(scale, narrowest));
}

/** The encoding of every map that has a range and is not handed on from another one. */
export function encodingsOf(
  steps: readonly Step[],
  ranges: ActivationRanges,
): ReadonlyMap<string, Encoding> {
  const groupOf = groupsOf(steps);
  const made = [imageInput, ...steps.filter((step) => !carries(step)).map(({ name }) => name)];
  const rangeOf = (name: string): ChannelRanges => {
    const range = ranges.get(name);
    if (range === undefined) throw new Error(`There is no range for "${name}".`);
    return range;
  };
  return new Map(
    made.map((name) => {
      const group = made.filter((other) => groupOf(other) === groupOf(name));
      const zeroPoint = zeroPointOf(group.map(rangeOf));
      return [name, { zeroPoint, scales: scalesOf(rangeOf(name), zeroPoint) }];
    }),
  );
}
