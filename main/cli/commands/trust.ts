import { chosenChannel } from '#main/stacks/chosen-channel';
import { openStack } from '#main/stacks/open-stack';
import { measureTrust, type MeasureTrustParams } from '../../compute/requests';
import { bundledPictures } from '../../jobs/replay-data';
import { trustNote } from '../../jobs/trust-note';
import { pixelSizeOf } from '../../models/pixel-size';
import type { Command } from '../command';
import {
  conditioningHelp,
  conditioningOptions,
  conditioningWish,
  settleConditioning,
} from '../conditioning-choice';
import { engineHelp, engineOptions, engineWish } from '../context';
import { findModel } from '../model-argument';

export const trust: Command = {
  name: 'trust',
  summary: 'Says how far the cells of a model can be trusted on a stack, without labels.',
  usage: 'STACK --model MODEL',
  help: [
    '--model MODEL                   a model folder, or the name of a bundled model',
    '--channel N                     the channel to look at where pixels have several (0, the first)',
    ...conditioningHelp,
    ...engineHelp,
    '',
    'A slice is segmented as it lies and transposed, and the two are held against each other: green, the',
    'model is at home; yellow, some cells are doubtful; red, it does not know this kind of picture.',
  ],
  example: 'trust stack.tif --model general',
  options: {
    model: { type: 'string' },
    channel: { type: 'string' },
    ...conditioningOptions,
    ...engineOptions,
  },
  async run(args, context) {
    const { signal, progress } = context;
    const stack = args.path(args.positional(0, 'STACK'));
    args.atMost(1);
    const wanted = conditioningWish(args, 'trust');
    const model = await findModel(args.required('model'), args, context);
    const source = await openStack(stack, { signal });
    const { voxelSize } = source.info;
    const reference = await source.reference();
    await source.close();
    const channel = args.channel();
    if (channel !== null) chosenChannel(source, channel);
    const room = await context.engines(engineWish(args));
    const engine = room.forJob('segment', model.file.baseFilters);
    const pixelSize = pixelSizeOf(voxelSize);
    const params = {
      stack: reference,
      model: model.folder,
      pixelSize,
      ...(channel === null ? {} : { channel }),
    };
    const proposeScale = pixelSize === null;
    const { conditioning, report, notes } = await settleConditioning(
      wanted,
      { engine, params: { ...params, proposeScale } },
      context,
    );
    for (const note of notes) progress.note(note);
    const pictures = await bundledPictures(context.resources);
    const measured = await engine.call(
      measureTrust,
      (choice): MeasureTrustParams => ({ ...params, conditioning, pictures, choice }),
      {
        signal,
        remark: (text) => {
          progress.note(text);
        },
        onProgress: ({ done, total }) => {
          progress.report('slice', done, total);
        },
      },
    );
    const note = trustNote(measured);
    return {
      value: { ...measured, conditioning: report, notes: [...notes, note] },
      text: [
        ...(measured.slices.length === 0
          ? []
          : [
              `${measured.light}: cells of the two answers agree to ${measured.agreement.toFixed(3)} at the threshold ${String(measured.threshold)} (conditioning: ${report.text})`,
            ]),
        note,
      ].join('\n'),
      exitCode: 0,
    };
  },
};
