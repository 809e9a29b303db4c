import type { ModelVersion } from '#contract/entities';
import { formatCount, formatDuration, formatSlices, plural } from './format';
import { words } from './words';

type Training = NonNullable<ModelVersion['training']>;

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

const slices = (numbers: readonly number[]): string =>
  `${numbers.length === 1 ? 'slice' : 'slices'} ${formatSlices(numbers)}`;

/** Text of the timeline of model versions, of comparing two of them, and of looking when a place changed. */
export const timelineStrings = {
  title: 'Timeline',
  lead: `Every training adds a ${words.modelVersion} and changes none. Going back to one is a step that Undo takes back.`,
  list: 'Versions, the newest first',
  /** How it came about. */
  origins: {
    bundled: 'came with Membrana',
    trained: 'trained from labels',
    retrained: 'retrained on corrections',
    fitted: 'fitted to this stack',
    imported: 'imported',
  } satisfies Record<ModelVersion['origin'], string>,
  from: (origin: string, parent: string) => `${origin}, from ${parent}`,
  /** The parent is not among the versions any more. */
  lostParent: 'a version that is gone',
  when: (created: string) => moment.format(new Date(created)),
  states: {
    current: 'in use',
    accepted: 'accepted',
    offered: 'offered',
    'kept-aside': 'kept aside',
    bundled: 'start',
  },
  use: 'Use this version',
  inUse: 'In use',
  swipe: 'Swipe on the slice',
  changes: 'Show what changed',
  cells: 'What it changes in cells…',
  against: 'Compare with',
  onlyOne: 'There is no other version to compare with yet.',

  note: 'Your note',
  notePlaceholder: 'What was this round for? What did you see afterwards?',
  noteSaving: 'Saving…',
  noteSaved: 'Saved',
  noteUnsaved: 'Not saved yet',
  noteLeft: (left: number) => `${plural(left, 'character', 'characters')} left`,

  facts: {
    verdict: 'Verdict',
    learnt: 'Learnt from',
    strokes: 'Your strokes',
    unlabelled: 'Elsewhere',
    shown: 'Slices shown',
    score: 'Score',
    training: 'Training',
    thresholds: 'Thresholds',
    classes: 'Also finds',
    licence: 'Licence',
  },
  learnt: ({ taught, held }: NonNullable<Training['slices']>): string =>
    [
      taught.length === 0 ? 'no whole slice' : `your labels on ${slices(taught)}`,
      ...(held.length === 0 ? [] : [`${slices(held)} only judged it`]),
    ].join('; '),
  /** What is drawn where nothing was painted. */
  unlabelled: ({ slices: on, cells, lineWidth }: NonNullable<Training['unlabelled']>): string =>
    `On ${slices(on)} without labels: ${formatCount(Math.round(cells.after))} cells a slice (${formatCount(Math.round(cells.before))} before), lines ${lineWidth.after.toFixed(1)} px wide (${lineWidth.before.toFixed(1)} before).`,
  training: ({ steps, seconds, engine, device, seed }: Training): string =>
    [
      plural(steps, 'step', 'steps'),
      ...(seconds < 1 ? [] : [formatDuration(seconds)]),
      engine.toLowerCase().includes(device.toLowerCase()) ? engine : `${engine}, ${device}`,
      `seed ${String(seed)}`,
    ]
      .filter((part) => part !== '')
      .join(' · '),
  thresholds: (cells: string, pixel: string) => `cells ${cells}, pixels ${pixel}`,
  /** Classes beside membrane, each with its own threshold. */
  classes: (all: readonly { readonly name: string; readonly from: string }[]): string =>
    all.map(({ name, from }) => `${name} (from ${from})`).join(', '),

  open: 'Timeline…',
} as const;

export const swipeStrings = {
  side: 'Swipe',
  divider: 'Divider between two versions',
  value: (left: string, right: string, percent: number) =>
    `${left} on the left ${String(percent)} %, ${right} on the right`,
  left: (model: string) => `◂ ${model}`,
  right: (model: string) => `${model} ▸`,
  making: (models: readonly string[]) => `Segmenting this slice with ${models.join(' and ')}…`,
} as const;
