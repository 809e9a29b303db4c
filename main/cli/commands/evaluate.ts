import { parseSliceRange } from '#contract/slice-range';
import { openStack } from '#main/stacks/open-stack';
import { evaluateMaps, type ScoreRow } from '../../compute/requests';
import type { Command } from '../command';
import { withoutEngine } from '../context';

function line(name: string, row: ScoreRow): string {
  const number = (value: number | null): string => (value === null ? '–' : value.toFixed(4));
  return `${name} p ≥ ${row.threshold}: V_Rand ${number(row.vRand)}, V_Info ${number(row.vInfo)}, Dice ${number(row.dice)}, IoU ${number(row.iou)}, accuracy ${number(row.accuracy)}`;
}

export const evaluate: Command = {
  name: 'evaluate',
  summary: 'Scores a probability stack against expert labels.',
  usage: '--prediction PROB.tif --truth STACK --membrane VALUE [--threshold T] [--slices 0-9]',
  help: [
    '--prediction PROB.tif           membrane probability: float in [0, 1], or 8 bits with 255 = 1',
    '--truth STACK                   label stack of the same size',
    '--membrane VALUE                the label value that means membrane',
    '--void VALUE                    a label value to leave out',
    '--threshold T                   membrane where probability ≥ T (0.5)',
    '--slices 0-9,12                 only these slices of the truth; a prediction made with the',
    '                                same --slices has just them, one with all slices is cut to them',
  ],
  example: 'evaluate --prediction prob.tif --truth labels.tif --membrane 0 --threshold 0.3 --json',
  options: {
    prediction: { type: 'string' },
    truth: { type: 'string' },
    membrane: { type: 'string' },
    void: { type: 'string' },
    threshold: { type: 'string' },
    slices: { type: 'string' },
  },
  async run(args, context) {
    args.atMost(0);
    const { signal, progress } = context;
    const prediction = args.path(args.required('prediction'));
    const truth = args.path(args.required('truth'));
    const any = { min: -1e15, max: 1e15 };
    const membrane = args.requiredNumber('membrane', any);
    const source = await openStack(truth, { signal });
    const { depth } = source.info;
    await source.close();
    const result = await context.compute(withoutEngine()).call(
      evaluateMaps,
      {
        prediction,
        truth,
        membrane,
        void: args.number('void', any),
        slices: parseSliceRange(args.text('slices') ?? `0-${depth - 1}`, depth),
        threshold: args.number('threshold', { min: 0, max: 1 }) ?? 0.5,
      },
      {
        signal,
        onProgress: ({ done, total }) => {
          progress.report('step', done, total);
        },
      },
    );
    return {
      value: result,
      text: [line('At', result.atThreshold), line('Best V_Info at', result.best)].join('\n'),
      exitCode: 0,
    };
  },
};
