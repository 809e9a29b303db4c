import { MembranaError } from '#contract/errors';
import { encodePatch } from '#contract/label-patch-codec';
import { sliceMark } from '#contract/slice-marks';
import { formatSliceRange, parseSliceRange } from '#contract/slice-range';
import { conditioningOf } from '#main/session/stack-conditioning';
import { openProject } from '#main/project/project-store';
import { rescuedStrokes, userDataFolder } from '#main/settings/user-data-folder';
import { sourceReference } from '#main/stacks/open-stack';
import { segmentJob } from '../../jobs/segment-job';
import { modelInUse } from '../../models/model-in-use';
import { ModelStore } from '../../models/model-store';
import { pixelSizeOf } from '../../models/pixel-size';
import { usageError } from '../arguments';
import type { Command } from '../command';
import { engineHelp, engineOptions, engineWish } from '../context';
import { finish } from '../finish-job';
import { bundledModels } from '../model-argument';
import { simulatedCorrections, users } from '../simulate/user';
import { truthSlices } from '../simulate/truth-slices';
import { patchOf } from '../simulated-strokes';
import { stackOf } from './project-folder';

const STROKES = 15;
/** The user who slips corrects what is to be seen so many slices further on. */
const SLIPPED = 2;

export const simulate: Command = {
  name: 'simulate',
  summary: 'Corrects slices of a project as a person with the truth beside them would.',
  usage: 'FOLDER --truth LABELS --membrane VALUE --slices 0-2 [--strokes 15] [--user honest]',
  help: [
    '--truth LABELS                  a label stack of the same size; nothing else of it is kept',
    "--membrane VALUE                its value that means membrane; a colour as '#ff0000'",
    '--slices 0-2,8                  slices to correct, without labels so far; the first is 0',
    `--strokes N                     at most so many strokes a slice, the largest mistakes (${String(STROKES)})`,
    `--user USER                     ${users.join(', ')} (honest)`,
    '--seed N                        of the user who paints at random (0)',
    '--paint-only                    leaves the rest of the slice untouched instead of confirming it',
    ...engineHelp,
  ],
  example: 'simulate Larva.emproj --truth labels.tif --membrane 255 --slices 0-2',
  options: {
    truth: { type: 'string' },
    membrane: { type: 'string' },
    slices: { type: 'string' },
    strokes: { type: 'string' },
    user: { type: 'string' },
    seed: { type: 'string' },
    'paint-only': { type: 'boolean' },
    ...engineOptions,
  },
  async run(args, context) {
    const { signal } = context;
    const folder = args.path(args.positional(0, 'FOLDER'));
    args.atMost(1);
    const user = args.oneOf('user', users, 'honest');
    const strokes = args.number('strokes', { min: 1, max: 10_000, whole: true }) ?? STROKES;
    const seed = args.number('seed', { min: 0, max: 2 ** 31, whole: true }) ?? 0;
    const membrane = args.labelValue('membrane', args.required('membrane'));
    const truthPath = args.path(args.required('truth'));
    const project = await openProject(
      folder,
      { readOnlyIfLocked: false },
      { rescue: rescuedStrokes(userDataFolder()) },
    );
    try {
      project.assertWritable();
      const { width, height, depth, voxelSize } = project.stack.info;
      const slices = parseSliceRange(args.required('slices'), depth);
      await project.labels.settled();
      const labelled = slices.filter((z) => project.labels.reviewedSlices().includes(z));
      if (labelled.length > 0)
        throw usageError(
          `Slices ${sliceMark(labelled)} have labels already: name slices that nobody has corrected.`,
          'simulate',
        );
      const seen =
        user === 'wrong-slice'
          ? [...new Set(slices.flatMap((z) => [z, Math.min(depth - 1, z + SLIPPED)]))]
          : slices;
      const truth = await truthSlices(truthPath, seen, membrane, { width, height, depth }, signal);
      const models = new ModelStore(bundledModels(context), project.modelsFolder);
      const current = modelInUse(project.currentModel, await models.versions());
      if (current === null)
        throw new MembranaError('model.not-found', 'There is no model to correct.', {
          hint: 'Train one first, or put the bundled models back.',
        });
      const model = await models.find(current);
      const room = await context.engines(engineWish(args));
      const maps = new Map<number, Uint8Array>();
      await finish(
        segmentJob(
          {
            stack: await sourceReference(await stackOf(project)),
            pixelSize: pixelSizeOf(voxelSize),
            conditioning: conditioningOf(project),
            slices: seen,
            model: { id: current, name: model.file.name, folder: model.folder },
            quality: 'standard',
          },
          {
            engine: room.forJob('segment', model.file.baseFilters),
            write: async (of, z, probability, conditioning, classes) => {
              maps.set(z, probability);
              await project.predictions.write(of, z, probability, conditioning, classes);
            },
            written: () => undefined,
          },
        ),
        context,
      );
      const unread = seen.filter((z) => !maps.has(z));
      if (unread.length > 0)
        throw new MembranaError(
          'stack.page-unreadable',
          `Slices ${sliceMark(unread)} of the stack can’t be read: nothing was painted.`,
          { hint: 'Name slices that can be seen.' },
        );
      const threshold = model.file.thresholds.pixel * 255;
      const judged = (z: number) => ({
        mask: Uint8Array.from(maps.get(z) ?? [], (p) => (p > 0 && p >= threshold ? 1 : 0)),
        truth: truth.get(z) ?? new Uint8Array(),
        width,
        height,
      });
      let sequence = project.labels.lastSequence;
      const done: { z: number; strokes: number; paintedPixels: number; mistakes: number }[] = [];
      for (const z of slices) {
        signal.throwIfAborted();
        const hand = { user, strokes, seed: seed + z, confirm: !args.flag('paint-only') };
        const elsewhere =
          user === 'wrong-slice' ? judged(Math.min(depth - 1, z + SLIPPED)) : undefined;
        const { labels, ...counts } = simulatedCorrections(judged(z), hand, elsewhere);
        sequence += 1;
        const place = { stack: project.stack.id, layer: project.layer, z, sequence };
        await project.labels.append(encodePatch(patchOf(labels, { ...place, width, height })));
        await project.labels.slice(z);
        done.push({ z, ...counts });
      }
      const total = (name: 'strokes' | 'paintedPixels' | 'mistakes'): number =>
        done.reduce((sum, one) => sum + one[name], 0);
      return {
        value: { model: model.file.name, user, slices: done },
        text: `${String(total('strokes'))} strokes (${String(total('paintedPixels'))} pixels) on slices ${formatSliceRange(slices)}, of ${String(total('mistakes'))} mistakes that ${model.file.name} makes there.`,
        exitCode: 0,
      };
    } finally {
      await project.close();
    }
  },
};
