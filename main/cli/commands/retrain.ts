import { thresholdsFor } from '#contract/mask/mask-setting';
import { MembranaError } from '#contract/errors';
import { conditioningOf } from '#main/session/stack-conditioning';
import { openProject } from '#main/project/project-store';
import { rescuedStrokes, userDataFolder } from '#main/settings/user-data-folder';
import { sourceReference } from '#main/stacks/open-stack';
import { newCheckpoint } from '../../jobs/kept-checkpoint';
import { PreviewRing } from '../../jobs/preview-ring';
import { bundledReplay } from '../../jobs/replay-data';
import { ownClasses, retrainJob } from '../../jobs/retrain-job';
import { modelInUse } from '../../models/model-in-use';
import { ModelStore } from '../../models/model-store';
import { pixelSizeOf } from '../../models/pixel-size';
import type { Command } from '../command';
import { engineHelp, engineOptions, engineWish } from '../context';
import { finish } from '../finish-job';
import { bundledModels } from '../model-argument';
import { stackOf } from './project-folder';

const share = (value: number): string => `${String(Math.round(value * 100))} %`;

export const retrain: Command = {
  name: 'retrain',
  summary: 'Retrains the model of a project on its corrections, as the window does.',
  usage: 'FOLDER [--steps N]',
  help: [
    '--steps N                       steps of the round (120); a slow machine takes longer for them',
    ...engineHelp,
    '',
    'The new version comes into use only where it gets more of the strokes right that were kept from',
    'its training, without losing cells; otherwise it is kept beside the old one, and the reason said.',
  ],
  example: 'retrain Larva.emproj',
  options: { steps: { type: 'string' }, ...engineOptions },
  async run(args, context) {
    const folder = args.path(args.positional(0, 'FOLDER'));
    args.atMost(1);
    const steps = args.number('steps', { min: 1, max: 100_000, whole: true });
    const project = await openProject(
      folder,
      { readOnlyIfLocked: false },
      { rescue: rescuedStrokes(userDataFolder()) },
    );
    try {
      project.assertWritable();
      await project.labels.settled();
      const models = new ModelStore(bundledModels(context), project.modelsFolder);
      const current = modelInUse(project.currentModel, await models.versions());
      if (current === null)
        throw new MembranaError('model.not-found', 'There is no model to retrain.', {
          hint: 'Train one from a stack and its labels first, or put the bundled models back.',
        });
      const model = await models.find(current);
      const room = await context.engines(engineWish(args));
      const reviewed = project.labels.reviewedSlices();
      const { info, name } = project.stack;
      const result = await finish(
        retrainJob(
          {
            stack: {
              source: await sourceReference(await stackOf(project)),
              name,
              depth: info.depth,
              pixelSize: pixelSizeOf(info.voxelSize),
              conditioning: conditioningOf(project),
            },
            classes: ownClasses(project.classes),
            reviewed,
            compare: { z: reviewed[0] ?? 0, mask: thresholdsFor(model.file, { kind: 'model' }) },
            model,
            replay: await bundledReplay(context.resources),
            steps,
            seed: model.file.training?.seed ?? 0,
          },
          {
            engine: room.forJob('train', model.file.baseFilters),
            models,
            previews: new PreviewRing(),
            checkpoint: newCheckpoint(project.folder),
            learnt: null,
            collected: () => Promise.resolve(),
            labels: (z) => project.labels.slice(z),
            changedAt: (z) => project.labels.changedAt(z),
            inUse: () => Promise.resolve({ id: model.file.id, name: model.file.name }),
            shownSo: () => true,
            added: async (id, accepted) => {
              if (accepted) await project.setCurrentModel(id);
            },
          },
        ),
        context,
      );
      if (result.kind !== 'trained') throw new Error('a retraining gives a version');
      const made = await models.find(result.model);
      const { obedience, verdict, reason } = result;
      const right = obedience?.trained ?? null;
      return {
        value: {
          model: result.model,
          name: made.file.name,
          folder: made.folder,
          verdict,
          reason,
          steps: result.steps,
          seconds: result.seconds,
          obedience: obedience ?? null,
          classes: made.file.classes,
          left: result.left,
        },
        text: [
          `${made.file.name}: ${String(result.steps)} steps in ${result.seconds.toFixed(0)} s, ${verdict}.`,
          reason,
          ...(right === null
            ? []
            : [
                `Of the strokes that it learnt from it gets ${share(right.after)} right by itself, ${share(right.before)} before.`,
              ]),
        ].join('\n'),
        exitCode: 0,
      };
    } finally {
      await project.close();
    }
  },
};
