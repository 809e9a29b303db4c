import { parseSliceRange } from '#contract/slice-range';
import { openStack, sourceReference } from '#main/stacks/open-stack';
import { evaluateMaps } from '../../compute/requests';
import type { Command } from '../command';
import { withoutEngine } from '../context';
import { asksMask, maskOptions, maskThresholds } from '../mask-arguments';
import { askedRange } from './prediction-range';
import { rangeText, scoreText } from './score-table';

export const evaluate: Command = {
  name: 'evaluate',
  summary: 'Scores a probability stack against expert labels.',
  usage:
    '--prediction PROB.tif --truth STACK --membrane VALUE [--threshold T] [--slices 0-9] [--warping] [--errors N]',
  help: [
    '--prediction PROB.tif           membrane probability; what its values mean (0 to 1, to 255, to 65,535,',
    '                                signed, logits, a mask) is decided by type and extremes, and told',
    '--range LOW-HIGH|logits         say it: LOW means certainly not, HIGH certainly membrane',
    '--invert                        high values mean interior',
    '--channel N                     the channel of the prediction where pixels have several (0, the first)',
    '--truth STACK                   label stack of the same size',
    "--membrane VALUE                the label value that means membrane; a colour as '#ff0000'",
    '--void VALUE                    a label value to leave out',
    '--threshold T                   membrane where probability ≥ T (0.5)',
    '--pixel-threshold T --cells-threshold T   also scores the mask of both, as segment writes it',
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
    range: { type: 'string' },
    invert: { type: 'boolean' },
    channel: { type: 'string' },
    truth: { type: 'string' },
    membrane: { type: 'string' },
    void: { type: 'string' },
    ...maskOptions,
    slices: { type: 'string' },
    warping: { type: 'boolean' },
    errors: { type: 'string' },
  },
  async run(args, context) {
    args.atMost(0);
    const { signal, progress } = context;
    const prediction = args.path(args.required('prediction'));
    const truth = args.path(args.required('truth'));
    const membrane = args.labelValue('membrane', args.required('membrane'));
    const voidText = args.text('void');
    const channel = args.channel();
    const source = await openStack(truth, { signal });
    const { depth } = source.info;
    const reference = await source.reference();
    await source.close();
    const result = await context.compute(withoutEngine()).call(
      evaluateMaps,
      {
        prediction: await sourceReference(prediction),
        ...(channel === null ? {} : { channel }),
        truth: reference,
        membrane,
        void: voidText === null ? null : args.labelValue('void', voidText),
        range: askedRange(args.text('range')),
        invert: args.flag('invert'),
        slices: parseSliceRange(args.text('slices') ?? `0-${depth - 1}`, depth),
        threshold: args.number('threshold', { min: 0, max: 1 }) ?? 0.5,
        ...(asksMask(args) ? { mask: maskThresholds(args, { pixel: 0.5, cells: 0.5 }) } : {}),
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
    progress.note(rangeText(result.prediction));
    for (const warning of result.warnings) progress.note(`Warning: ${warning}`);
    return { value: result, text: scoreText(result), exitCode: 0 };
  },
};
