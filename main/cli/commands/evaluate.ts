import { parseSliceRange } from '#contract/slice-range';
import { openStack, sourceReference } from '#main/stacks/open-stack';
import { evaluateMaps } from '../../compute/requests';
import type { Command } from '../command';
import { withoutEngine } from '../context';
import { scoreText } from './score-table';

export const evaluate: Command = {
  name: 'evaluate',
  summary: 'Scores a probability stack against expert labels.',
  usage:
    '--prediction PROB.tif --truth STACK --membrane VALUE [--threshold T] [--slices 0-9] [--warping] [--errors N]',
  help: [
    '--prediction PROB.tif           membrane probability: float in [0, 1], or 8 bits with 255 = 1',
    '--truth STACK                   label stack of the same size',
    '--membrane VALUE                the label value that means membrane',
    '--void VALUE                    a label value to leave out',
    '--threshold T                   membrane where probability ≥ T (0.5)',
    '--slices 0-9,12                 only these slices of the truth; a prediction made with the',
    '                                same --slices has just them, one with all slices is cut to them',
    '--warping                       the warping error too, which takes longer than all the others',
    '--errors N                      the N most costly merges and splits at the threshold, with places',
    '',
    'V_Rand and V_Info are means over slices after thinning; the pixel scores, the Rand error and',
    'the warping error pool all slices. Each row stands for its own threshold; "over the sweep" is',
    'the best of the thresholds 1, 0.9, … 0, as in the ISBI 2012 challenge (docs/metrics.md).',
  ],
  example: 'evaluate --prediction prob.tif --truth labels.tif --membrane 0 --threshold 0.3 --json',
  options: {
    prediction: { type: 'string' },
    truth: { type: 'string' },
    membrane: { type: 'string' },
    void: { type: 'string' },
    threshold: { type: 'string' },
    slices: { type: 'string' },
    warping: { type: 'boolean' },
    errors: { type: 'string' },
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
    const reference = await source.reference();
    await source.close();
    const result = await context.compute(withoutEngine()).call(
      evaluateMaps,
      {
        prediction: await sourceReference(prediction),
        truth: reference,
        membrane,
        void: args.number('void', any),
        slices: parseSliceRange(args.text('slices') ?? `0-${depth - 1}`, depth),
        threshold: args.number('threshold', { min: 0, max: 1 }) ?? 0.5,
        warping: args.flag('warping'),
        errors: args.number('errors', { min: 1, max: 100_000, whole: true }) ?? 0,
      },
      {
        signal,
        onProgress: ({ done, total }) => {
          progress.report('step', done, total);
        },
      },
    );
    return { value: result, text: scoreText(result), exitCode: 0 };
  },
};
