import type { JobResult, LeftOutReason, Obedience } from '#contract/entities';
import { formatSliceRange } from '#contract/slice-range';
import { whyNotAtOnce } from '#contract/verdict-text';
import { plural } from './format';

type Trained = Extract<JobResult, { kind: 'trained' }>;

const slices = (numbers: readonly number[]): string =>
  `${numbers.length === 1 ? 'slice' : 'slices'} ${formatSliceRange(numbers, 1)}`;

const are = (numbers: readonly number[]): string => (numbers.length === 1 ? 'is' : 'are');

const whyLeft: Readonly<
  Record<LeftOutReason, (numbers: readonly number[], kept: number) => string>
> = {
  'no-room': (numbers, kept) =>
    `${slices(numbers)} ${are(numbers)} older or known already, and a round has room for ${String(kept)} here`,
  'only-void': (numbers) =>
    `${slices(numbers)} ${numbers.length === 1 ? 'holds' : 'hold'} only void labels`,
  unreadable: (numbers) => `${slices(numbers)} ${are(numbers)} damaged in the file`,
};

const percent = (share: number): string => `${String(Math.round(share * 100))} %`;

/** How much of a class beside membrane is found. */
function foundStrokes({
  name,
  trained,
  held,
}: NonNullable<Obedience['classes']>[number]): string[] {
  const shares = ({ before, after }: NonNullable<typeof held>): string =>
    `${percent(after)}${before === null ? '' : ` (${percent(before)} before)`}`;
  const parts = [
    ...(trained === null ? [] : [`${shares(trained)} of the strokes that it learnt from`]),
    ...(held === null ? [] : [`${shares(held)} of those that it never saw`]),
  ];
  return parts.length === 0 ? [] : [`Of ${name} it finds ${parts.join(' and ')}.`];
}

const leftOutReasons = ['unreadable', 'only-void', 'no-room'] as const;

/** The card of a finished training. Slices count from 1. */
export const trainedStrings = {
  /** `other`: the version that is in use instead of this one; null = this one is. */
  trainedTitle: (verdict: Trained['verdict'], model: string, other: string | null): string => {
    if (other === null) return verdict === 'accepted' ? `${model} accepted` : `${model} is in use`;
    switch (verdict) {
      case 'accepted':
        return `${other} is in use again`;
      case 'kept-aside':
        return `${model} kept aside`;
      case 'offered':
        return `${model} is ready to try`;
    }
  },
  /** Why it did not come into use by itself, while it is in use by the user's choice. */
  yourChoice: (reason: string) =>
    `In use by your choice. What was said of it: ${whyNotAtOnce(reason)}`,
  stays: (model: string) => `${model} stays in use.`,
  /** What the version makes of the slice in view; what it would, while another one is in use. */
  changed: ({ z, pixels, unlabelled }: NonNullable<Trained['changed']>, inUse: boolean): string => {
    const change = inUse ? 'changed' : 'would change';
    const slice = `slice ${String(z + 1)}`;
    if (unlabelled === 0)
      return `Your labels cover all of ${slice}, so nothing can change there: look at another slice.`;
    if (pixels === 0)
      return `No pixel without a label ${change} on ${slice}: look at another slice.`;
    return `${plural(pixels, 'pixel', 'pixels')} without a label ${change} on ${slice}.`;
  },
  /** Null where nothing was painted. */
  obedience: ({ trained, held, classes = [] }: Obedience): string | null => {
    const shares = (own: NonNullable<Obedience['held']>): string =>
      `${percent(own.after)} (${percent(own.before)} before)`;
    const parts = [
      ...(trained === null ? [] : [`${shares(trained)} of the strokes that it learnt from`]),
      ...(held === null ? [] : [`${shares(held)} of those that it never saw`]),
    ];
    const sentences = [
      ...(parts.length === 0 ? [] : [`By itself it gets right ${parts.join(' and ')}.`]),
      ...classes.flatMap(foundStrokes),
    ];
    return sentences.length === 0 ? null : sentences.join(' ');
  },
  leftOut: ({ left, corrected }: Pick<Trained, 'left' | 'corrected'>): string => {
    const kept = corrected - left.length;
    const reasons = leftOutReasons.flatMap((reason) => {
      const numbers = left.filter((one) => one.reason === reason).map(({ z }) => z);
      return numbers.length === 0 ? [] : [whyLeft[reason](numbers, kept)];
    });
    const verb = left.length === 1 ? 'was' : 'were';
    return `${String(left.length)} of ${plural(corrected, 'corrected slice', 'corrected slices')} ${verb} left out: ${reasons.join('; ')}.`;
  },
  showChanged: 'Show what changed',
  rollback: (model: string) => `Go back to ${model}`,
  useIt: 'Use it',
  useAnyway: 'Use it anyway',
} as const;
