import { formatCount, plural } from './format';
import { words } from './words';

/** Text of looking when a place changed. */
export const placeStrings = {
  title: 'Which version changed this place?',
  lead: (z: number, x: number, y: number) =>
    `The mask of each ${words.modelVersion} around pixel ${String(x)}, ${String(y)} of slice ${String(z + 1)}, the oldest on the left.`,
  list: 'The place under each version',
  thumb: (model: string, state: 'made' | 'waits') =>
    state === 'made' ? `The place under ${model}` : `${model} has not been asked here`,
  here: 'changed here',
  working: (model: string, looked: number, count: number) =>
    `Asking ${model} what it makes of this slice… ${String(looked)} of ${plural(count, 'version', 'versions')} looked at.`,
  reading: 'Reading the slice…',
  stopped: (looked: number, count: number) =>
    `Stopped: ${String(looked)} of ${plural(count, 'version', 'versions')} looked at.`,
  goOn: 'Go on',
  readOnly: (left: number) =>
    `${plural(left, 'version has', 'versions have')} not predicted this slice, and this project is open for reading only.`,
  /** `between`: versions between the two that were not looked at. */
  found: (before: string, after: string, pixels: number, total: number, between: number) =>
    `Most lines came or went between ${before} and ${after}: ${formatCount(pixels)} of ${formatCount(total)} pixels${between === 0 ? '' : `, with ${plural(between, 'version', 'versions')} between them not looked at`}. A line that only became wider or narrower does not count.`,
  nothing: (looked: number) =>
    looked < 2
      ? 'There is only one version to look at.'
      : `No line of ten pixels or more came or went here between the ${String(looked)} versions looked at. Labels that you painted are not part of what they show.`,
  came: 'line came',
  went: 'line went',
  swipe: 'Swipe between the two',
  use: (model: string) => `Use ${model}`,
} as const;
