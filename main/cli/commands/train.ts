import { rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { isAbort } from '#contract/errors';
import { networkKinds } from '../../compute/requests';
import { trainWithFallback } from '../../jobs/training-with-fallback';
import { leftOut } from '../../jobs/training-progress';
import { writeModel } from '../../models/model-folder';
import { newModelId } from '../../models/model-store';
import { trainedDraft } from '../../models/trained-draft';
import { usageError, type Arguments } from '../arguments';
import type { Command } from '../command';
import { engineWish, engineHelp, engineOptions } from '../context';
import { EventFile } from '../event-file';
import { findModel } from '../model-argument';
import { refuseExisting, reportTraining } from '../training-report';
import { trainingSources } from '../training-sources';

const DEFAULT_STEPS = 600;

function budgetOf(args: Arguments): { steps: number | null; seconds: number | null } {
  const steps = args.number('steps', { min: 1, max: 1e6, whole: true });
  const minutes = args.number('minutes', { min: 0.01, max: 1e5 });
  if (steps !== null && minutes !== null)
    throw usageError('Give --steps or --minutes, not both.', 'train');
  if (minutes !== null) return { steps: null, seconds: minutes * 60 };
  return { steps: steps ?? DEFAULT_STEPS, seconds: null };
}

export const train: Command = {
  name: 'train',
  summary: 'Trains a model from stacks and their label stacks.',
  usage:
    '--image STACK --labels STACK --membrane VALUE --out MODEL [--train 0-19] [--validate 20-23]',
  help: [
    '--image STACK                   what the microscope saw',
    '--labels STACK                  the labels of the same slices',
    "--membrane VALUE                the label value that means membrane; a colour as '#ff0000'",
    '--void VALUE                    a label value to leave out',
    '--class NAME=VALUE[:STACK]      a class to learn beside membrane: a value of the labels, or of a label',
    '                                stack of its own; once for each class',
    '--channel N                     the channel of the images where pixels have several (0, the first)',
    '--share 1                       of the crops that come from this stack, beside the other stacks',
    '                                these, --train and --validate once more for each further stack',
    '--out MODEL                     folder of the new model',
    '--train 0-19                    slices to learn from (all that do not validate)',
    '--validate 20-23                slices to choose thresholds and the best step on, or none',
    '--steps N | --minutes M         how long (600 steps)',
    '--base-filters 8                channels of the first level, 4 to 64',
    '--network residual|plain        the default U-Net, or that of the original paper',
    '--levels 4                      how often the image is halved, 2 to 5',
    '--seed 0                        decides start weights, crops and augmentation',
    '--from MODEL                    go on from this model instead of fresh weights',
    '--resume                        go on from the checkpoint of an interrupted run (MODEL.checkpoint)',
    '--checkpoint-every N            steps between checkpoints (100, and every 20 s)',
    '--events FILE                   what happens, as JSON lines',
    ...engineHelp,
  ],
  example:
    'train --image raw.tif --labels labels.tif --membrane 0 --train 0-19 --validate 20-23 --out my-model',
  options: {
    image: { type: 'string', multiple: true },
    labels: { type: 'string', multiple: true },
    membrane: { type: 'string', multiple: true },
    void: { type: 'string', multiple: true },
    class: { type: 'string', multiple: true },
    channel: { type: 'string', multiple: true },
    out: { type: 'string' },
    train: { type: 'string', multiple: true },
    validate: { type: 'string', multiple: true },
    share: { type: 'string', multiple: true },
    steps: { type: 'string' },
    minutes: { type: 'string' },
    'base-filters': { type: 'string' },
    network: { type: 'string' },
    levels: { type: 'string' },
    seed: { type: 'string' },
    from: { type: 'string' },
    resume: { type: 'boolean' },
    'checkpoint-every': { type: 'string' },
    events: { type: 'string' },
    ...engineOptions,
  },
  async run(args, context) {
    args.atMost(0);
    const { signal, progress } = context;
    const out = args.path(args.required('out'));
    await refuseExisting(out);
    const budget = budgetOf(args);
    const seed = args.number('seed', { min: 0, max: 2 ** 31 - 1, whole: true }) ?? 0;
    const filters = args.number('base-filters', { min: 4, max: 64, whole: true }) ?? 8;
    const network = args.oneOf('network', networkKinds, 'residual');
    const levels = args.number('levels', { min: 2, max: 5, whole: true }) ?? 4;
    const fromText = args.text('from');
    const from = fromText === null ? null : await findModel(fromText, args, context);
    const { sources, chosen, pixelSize, notes } = await trainingSources(args, signal);
    for (const note of notes) progress.note(note);
    if (chosen !== null) progress.note(`Set aside for validation: slices ${chosen}`);
    const room = await context.engines(engineWish(args));
    const trainer = room.forJob('train', from?.file.baseFilters ?? filters);
    const checkpoint = `${out}.checkpoint`;
    const eventsText = args.text('events');
    const left: string[] = [];
    const events = eventsText === null ? null : await EventFile.open(args.path(eventsText));
    try {
      const result = await trainWithFallback(
        trainer,
        {
          data: { kind: 'stacks', sources: [...sources] },
          start:
            from === null
              ? { kind: 'fresh', baseFilters: filters, network, levels }
              : { kind: 'model', folder: from.folder },
          budget,
          seed,
          checkpoint: {
            path: checkpoint,
            resume: args.flag('resume'),
            every: args.number('checkpoint-every', { min: 1, max: 1e6, whole: true }),
          },
        },
        {
          signal,
          remark: (text) => {
            progress.note(text);
          },
          onProgress: (event) => {
            events?.write(event);
            if (event.kind === 'left-out') left.push(leftOut(event));
            reportTraining(event, progress);
          },
        },
      );
      const draft = await trainedDraft(result, {
        id: newModelId(),
        name: basename(out),
        parent: from?.file.id ?? null,
        sources,
        seed,
        pixelSize,
      });
      await writeModel(out, draft, result.weights);
      await rm(checkpoint, { force: true });
      const { steps, seconds, engine, device, finalLoss, scores, classes } = result;
      const validation = scores && {
        vInfo: scores.vInfo,
        vRand: scores.vRand,
        dice: scores.dice,
        accuracy: scores.accuracy,
        threshold: scores.threshold,
        pixelThreshold: scores.pixelThreshold,
      };
      const value = {
        ...{ model: out, steps, seconds, engine, device, finalLoss, validation },
        classes: classes.map(({ name, threshold, dice }) => ({ name, threshold, dice })),
        notes: [...notes, ...left],
      };
      return {
        value: chosen === null ? value : { ...value, validated: chosen },
        text: [
          `${out}: ${steps} steps in ${seconds.toFixed(0)} s (${engine}), loss ${finalLoss.toFixed(4)}`,
          validation
            ? `Validation: V_Info ${validation.vInfo.toFixed(4)} and V_Rand ${validation.vRand.toFixed(4)} at ${validation.threshold}, Dice ${validation.dice.toFixed(4)} and accuracy ${validation.accuracy.toFixed(4)} at ${validation.pixelThreshold}`
            : 'Not validated.',
          ...classes.map(({ name, threshold, dice }) =>
            dice === null
              ? `${name}: at ${String(threshold)}, not validated.`
              : `${name}: Dice ${dice.toFixed(4)} at ${String(threshold)}`,
          ),
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
