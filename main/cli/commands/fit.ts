import { rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { isAbort } from '#contract/errors';
import { chosenChannel } from '#main/stacks/chosen-channel';
import { meaningNotes } from '#main/stacks/meaning-notes';
import { openStack } from '#main/stacks/open-stack';
import { lookSlices } from '../../jobs/look-slices';
import { picturesCredit } from '../../jobs/replay-data';
import { trainWithFallback } from '../../jobs/training-with-fallback';
import { fitGate } from '../../models/fit-gate';
import { statusOf } from '../../models/gate';
import { fitSummary, fittedDraft } from '../../models/fitted-draft';
import { writeModel } from '../../models/model-folder';
import { newModelId } from '../../models/model-store';
import { pixelSizeOf } from '../../models/pixel-size';
import { cleanPictures, pictureHelp, pictureOptions } from '../clean-pictures';
import type { Command } from '../command';
import {
  conditioningHelp,
  conditioningOptions,
  conditioningWish,
  settleConditioning,
} from '../conditioning-choice';
import { engineWish, engineHelp, engineOptions } from '../context';
import { EventFile } from '../event-file';
import { findModel } from '../model-argument';
import { refuseExisting, reportTraining } from '../training-report';

const DEFAULT_STEPS = 120;

const shown = (value: number | null): string => (value === null ? 'none' : value.toFixed(3));

export const fit: Command = {
  name: 'fit',
  summary: 'Fits a model to a stack of which nothing is labelled.',
  usage:
    'STACK --model MODEL --out MODEL [--conditioning auto|none|TEXT] [--pictures IMAGE:LABELS]',
  help: [
    '--model MODEL                   a model folder, or the name of a bundled model',
    '--out MODEL                     folder of the new model',
    ...conditioningHelp,
    ...pictureHelp,
    '--channel N                     the channel of the stack where pixels have several (0, the first)',
    '--steps 120                     how long',
    '--seed 0                        decides looks, crops and augmentation',
    '--resume                        go on from the checkpoint of an interrupted run (MODEL.checkpoint)',
    '--events FILE                   what happens, as JSON lines',
    ...engineHelp,
    '',
    'The pictures are blurred, made noisy and given the grey values of the stack; where their membranes',
    'are stays known. It pays where the model is not at home and costs a little where it is: "verdict" in',
    '--json says whether its answers became steadier. The model is written either way.',
  ],
  example: 'fit stack.tif --model general --out fitted --conditioning flat=64,smooth=1.5 --json',
  options: {
    model: { type: 'string' },
    out: { type: 'string' },
    ...conditioningOptions,
    ...pictureOptions,
    channel: { type: 'string' },
    steps: { type: 'string' },
    seed: { type: 'string' },
    resume: { type: 'boolean' },
    events: { type: 'string' },
    ...engineOptions,
  },
  async run(args, context) {
    const { signal, progress } = context;
    const stack = args.path(args.positional(0, 'STACK'));
    args.atMost(1);
    const out = args.path(args.required('out'));
    await refuseExisting(out);
    const steps = args.number('steps', { min: 1, max: 1e6, whole: true }) ?? DEFAULT_STEPS;
    const seed = args.number('seed', { min: 0, max: 2 ** 31 - 1, whole: true }) ?? 0;
    const wanted = conditioningWish(args, 'fit');
    const model = await findModel(args.required('model'), args, context);
    const source = await openStack(stack, { signal });
    const { depth, voxelSize } = source.info;
    const reference = await source.reference();
    await source.close();
    const channel = args.channel();
    if (channel !== null) chosenChannel(source, channel);
    const notes = meaningNotes(source.info, channel);
    for (const note of notes) progress.note(note);
    const pictures = await cleanPictures(args, context);
    const room = await context.engines(engineWish(args));
    const eventsText = args.text('events');
    const events = eventsText === null ? null : await EventFile.open(args.path(eventsText));
    const checkpoint = `${out}.checkpoint`;
    try {
      const pixelSize = pixelSizeOf(voxelSize);
      const ofChannel = channel === null ? {} : { channel };
      const settled = await settleConditioning(
        wanted,
        {
          engine: room.forJob('segment', model.file.baseFilters),
          params: {
            stack: reference,
            model: model.folder,
            pixelSize,
            proposeScale: pixelSize === null,
            ...ofChannel,
          },
        },
        context,
      );
      const { conditioning } = settled;
      for (const note of settled.notes) progress.note(note);
      const result = await trainWithFallback(
        room.forJob('train', model.file.baseFilters),
        {
          data: {
            kind: 'fit',
            stack: reference,
            ...ofChannel,
            pixelSize,
            conditioning,
            slices: lookSlices(depth),
            pictures,
          },
          start: { kind: 'model', folder: model.folder },
          budget: { steps, seconds: null },
          seed,
          checkpoint: { path: checkpoint, resume: args.flag('resume'), every: null },
        },
        {
          signal,
          remark: (text) => {
            progress.note(text);
          },
          onProgress: (event) => {
            events?.write(event);
            reportTraining(event, progress);
          },
        },
      );
      const { fitted, engine, device, seconds, finalLoss } = result;
      if (fitted === undefined) throw new Error('a fit reports what it did');
      const verdict = fitGate(fitted, model.file.name);
      const draft = await fittedDraft(result, {
        id: newModelId(),
        name: basename(out),
        parent: model.file,
        stack: basename(stack),
        conditioning,
        pictures,
        credit: args.all('pictures').length === 0 ? picturesCredit : null,
        seed,
        status: statusOf(verdict),
      });
      await writeModel(out, draft, result.weights);
      await rm(checkpoint, { force: true });
      const { before, after, look } = fitted;
      return {
        value: {
          ...{ model: out, steps: result.steps, seconds, engine, device, finalLoss },
          conditioning: settled.report,
          ...fitted,
          ...{ verdict: verdict.kind, reason: verdict.reason, notes },
        },
        text: [
          `${out}: ${fitSummary(basename(stack), result, pictures)}, ${seconds.toFixed(0)} s (${engine})`,
          `The stack's look: blurred by ${look.blur.toFixed(2)} px, noise ${look.noise.toFixed(2)} times the contrast`,
          `Disagreement between the answers to a slice and to its transpose ${shown(before.disagreement)} → ${shown(after.disagreement)}, agreement of their cells ${before.agreement.toFixed(3)} → ${after.agreement.toFixed(3)}, cells a slice ${before.cells.toFixed(0)} → ${after.cells.toFixed(0)}`,
          verdict.reason,
        ].join('\n'),
        exitCode: 0,
      };
    } catch (error) {
      const kept = (await stat(checkpoint).catch(() => null)) !== null;
      if (isAbort(error) && kept)
        progress.note(`A checkpoint is kept: add --resume to the same command to go on.`);
      throw error;
    } finally {
      await events?.close();
    }
  },
};
