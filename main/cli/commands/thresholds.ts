import { basename } from 'node:path';
import { formatSliceRange, parseSliceRange } from '#contract/slice-range';
import type { Scores } from '#contract/entities';
import { openStack, sourceReference } from '#main/stacks/open-stack';
import { chooseThresholds, type ScoredStack } from '../../compute/requests';
import { usageError, type Arguments } from '../arguments';
import type { Command } from '../command';
import { withoutEngine } from '../context';

const measures = ['vInfo', 'vRand', 'dice', 'accuracy'] as const;
type Measures = Record<(typeof measures)[number], number>;

/** Mean and standard deviation over groups. */
function spreadOf(groups: readonly Scores[]): { mean: Measures; deviation: Measures } {
  const over = (value: (measure: (typeof measures)[number]) => number): Measures => ({
    vInfo: value('vInfo'),
    vRand: value('vRand'),
    dice: value('dice'),
    accuracy: value('accuracy'),
  });
  const mean = over((one) => groups.reduce((sum, group) => sum + group[one], 0) / groups.length);
  const deviation = over((one) =>
    Math.sqrt(
      groups.reduce((sum, group) => sum + (group[one] - mean[one]) ** 2, 0) /
        Math.max(1, groups.length - 1),
    ),
  );
  return { mean, deviation };
}

type Group = ScoredStack & { readonly fold: number };

async function groupsOf(args: Arguments, signal: AbortSignal): Promise<Group[]> {
  const predictions = args.all('prediction');
  if (predictions.length === 0) throw usageError('--prediction is missing.', 'thresholds');
  const truths = args.all('truth');
  const membranes = args.all('membrane');
  const ranges = args.all('slices');
  for (const [name, given] of Object.entries({ truth: truths, membrane: membranes }))
    if (given.length !== predictions.length)
      throw usageError(
        `--prediction is given ${predictions.length} times and --${name} ${given.length} times; each group needs its own.`,
        'thresholds',
      );
  if (ranges.length > 0 && ranges.length !== predictions.length)
    throw usageError('Give --slices once a group, or never.', 'thresholds');
  const folds = args.all('fold');
  if (folds.length > 0 && folds.length !== predictions.length)
    throw usageError('Give --fold once a group, or never.', 'thresholds');
  const groups: Group[] = [];
  for (const [i, prediction] of predictions.entries()) {
    const truth = args.path(truths[i] ?? '');
    const source = await openStack(truth, { signal });
    const { depth } = source.info;
    const reference = await source.reference();
    await source.close();
    groups.push({
      prediction: await sourceReference(args.path(prediction)),
      truth: reference,
      membrane: args.labelValue('membrane', membranes[i] ?? ''),
      void: null,
      slices: parseSliceRange(ranges[i] ?? `0-${depth - 1}`, depth),
      fold: args.asNumber('fold', folds[i] ?? String(i + 1), { min: 0, max: 1000, whole: true }),
    });
  }
  return groups;
}

export const thresholds: Command = {
  name: 'thresholds',
  summary: 'Chooses the thresholds of a model from maps that it was not trained on.',
  usage: '--prediction PROB.tif --truth STACK --membrane VALUE [--slices 0-7] [--fold N] …',
  help: [
    '--prediction PROB.tif           membrane probability of slices that a training held back',
    '--truth STACK                   label stack',
    '--membrane VALUE                the label value that means membrane',
    '--slices 0-9,12                 the slices of the truth that the prediction shows',
    '--fold N                        which training held them back (each group another one)',
    '                                all of these once more for each further group; every group',
    '                                counts the same, and is scored at the thresholds that the',
    '                                groups of the other folds choose',
  ],
  example:
    'thresholds --prediction fold1.tif --truth labels.tif --membrane 0 --slices 0-7 --prediction fold2.tif --truth labels.tif --membrane 0 --slices 8-15 --json',
  options: {
    prediction: { type: 'string', multiple: true },
    truth: { type: 'string', multiple: true },
    membrane: { type: 'string', multiple: true },
    slices: { type: 'string', multiple: true },
    fold: { type: 'string', multiple: true },
  },
  async run(args, context) {
    args.atMost(0);
    const { signal, progress } = context;
    const groups = await groupsOf(args, signal);
    const chosen = await context.compute(withoutEngine()).call(
      chooseThresholds,
      { groups },
      {
        signal,
        onProgress: ({ done, total }) => {
          progress.report('step', done, total);
        },
      },
    );
    const { mean, deviation } = spreadOf(chosen.groups);
    const { topology, pixel } = chosen.thresholds;
    const named = groups.map(({ truth, slices }, i) => ({
      truth: basename(truth.path),
      slices: formatSliceRange(slices),
      scores: chosen.groups[i] ?? null,
    }));
    const plusMinus = (one: (typeof measures)[number]): string =>
      `${mean[one].toFixed(4)} ± ${deviation[one].toFixed(4)}`;
    return {
      value: {
        thresholds: chosen.thresholds,
        mean,
        deviation,
        groups: named,
        curve: chosen.curve,
      },
      text: [
        `Regions at ${topology}, pixels at ${pixel}.`,
        `Over ${groups.length} ${groups.length === 1 ? 'group' : 'groups'}: V_Info ${plusMinus('vInfo')}, V_Rand ${plusMinus('vRand')}, Dice ${plusMinus('dice')}, accuracy ${plusMinus('accuracy')}`,
      ].join('\n'),
      exitCode: 0,
    };
  },
};
