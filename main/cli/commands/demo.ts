import { mkdir, mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noConditioning, type VoxelSize } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { thresholdsFor } from '#contract/mask/mask-setting';
import { membraneMask } from '#contract/mask/membrane-mask';
import { encodePatch } from '#contract/label-patch-codec';
import { createProject } from '#main/project/project-store';
import type { Project } from '#main/project/project';
import { stackFingerprint } from '#main/stacks/fingerprint';
import type { SourceReference } from '#main/stacks/source/source-identity';
import { openStack, sourceReference } from '#main/stacks/open-stack';
import { bundledReplay } from '../../jobs/replay-data';
import { newCheckpoint } from '../../jobs/kept-checkpoint';
import { PreviewRing } from '../../jobs/preview-ring';
import { retrainJob } from '../../jobs/retrain-job';
import { segmentJob } from '../../jobs/segment-job';
import { DEFAULT_MODEL } from '../../models/default-model';
import { ModelStore, type StoredModel } from '../../models/model-store';
import { pixelSizeOf } from '../../models/pixel-size';
import type { Command } from '../command';
import { engineWish, engineHelp, engineOptions } from '../context';
import { bundledModels, findModel } from '../model-argument';
import { png, tinted } from '#main/report/png';
import { finish } from '../finish-job';
import { patchOf, simulatedLabels } from '../simulated-strokes';

/** Page of the labelled crops that is corrected; it is neither in the replay nor in its validation. */
const CORRECTED = 6;
const STROKES = 80;
const STEPS = 30;
const TINT = [230, 159, 0] as const;

interface Opened {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly voxelSize: VoxelSize;
  readonly grey: Uint8Array;
}

async function read(path: string, z: number, signal: AbortSignal): Promise<Opened> {
  const source = await openStack(path, { signal });
  try {
    const { width, height, depth, voxelSize } = source.info;
    const region = await source.readRegion(z, { x: 0, y: 0, width, height }, 0, signal);
    return { width, height, depth, voxelSize, grey: Uint8Array.from(region.data, Number) };
  } finally {
    await source.close();
  }
}

async function projectOf(path: string, folder: string, signal: AbortSignal): Promise<Project> {
  const source = await openStack(path, { signal });
  const stackInfo = source.info;
  await source.close();
  const fingerprint = await stackFingerprint(path);
  return createProject({ folder, name: 'Demo', stackPath: path, stackInfo, fingerprint });
}

/** Dice of two masks, for the demonstration's own words. */
function dice(a: Uint8Array, b: Uint8Array): number {
  let both = 0;
  let sum = 0;
  a.forEach((value, i) => {
    both += value * (b[i] ?? 0);
    sum += value + (b[i] ?? 0);
  });
  return sum === 0 ? 1 : (2 * both) / sum;
}

async function paint(project: Project, labels: Uint8Array): Promise<void> {
  const { width, height } = project.stack.info;
  const sequence = project.labels.lastSequence + 1;
  const place = { stack: project.stack.id, layer: project.layer, z: CORRECTED, sequence };
  await project.labels.append(encodePatch(patchOf(labels, { ...place, width, height })));
  // Coverage follows the acknowledgement; reading the slice waits for it.
  await project.labels.slice(CORRECTED);
}

function overlay({ grey, width, height }: Opened, marks: Uint8Array): Buffer {
  return png(
    tinted(grey, (i) => marks[i] !== 0, TINT),
    width,
    height,
    3,
  );
}

export const demo: Command = {
  name: 'demo',
  summary: 'Runs the main job on the bundled sample: segment, correct, retrain; leaves pictures.',
  usage: '[--out FOLDER] [--steps N]',
  help: [
    '--out FOLDER                    where the project and the pictures go (a temporary folder)',
    `--model MODEL                   a model folder, or the name of a bundled model (${DEFAULT_MODEL})`,
    `--steps N                       steps of the retraining (${STEPS})`,
    ...engineHelp,
  ],
  example: 'demo --out membrana-demo',
  options: {
    out: { type: 'string' },
    model: { type: 'string' },
    steps: { type: 'string' },
    ...engineOptions,
  },
  async run(args, context) {
    args.atMost(0);
    const { signal, progress, resources } = context;
    const sample = join(resources, 'sample', 'vnc-sample.tif');
    const replay = await bundledReplay(resources);
    if (replay === null || (await stat(sample).catch(() => null)) === null) {
      throw new MembranaError(
        'file.not-found',
        'The sample and its labelled crops are not there.',
        {
          hint: 'They belong in resources/sample and resources/replay; get them from the repository again.',
        },
      );
    }
    const model = await findModel(args.text('model') ?? DEFAULT_MODEL, args, context);
    const engines = await context.engines(engineWish(args));
    const out = args.text('out');
    const folder = out === null ? await mkdtemp(join(tmpdir(), 'membrana-demo-')) : args.path(out);
    await mkdir(folder, { recursive: true });
    const pictures: string[] = [];
    const draw = async (name: string, bytes: Buffer): Promise<void> => {
      await writeFile(join(folder, name), bytes);
      pictures.push(name);
    };
    const segment = async (
      stack: SourceReference,
      z: number,
      used: StoredModel,
    ): Promise<{ map: Uint8Array; seconds: number }> => {
      let map: Uint8Array = new Uint8Array();
      const task = segmentJob(
        {
          stack,
          pixelSize: pixelSizeOf((await read(stack.path, z, signal)).voxelSize),
          conditioning: noConditioning,
          slices: [z],
          model: { id: used.file.id, name: used.file.name, folder: used.folder },
          quality: 'standard',
        },
        {
          engine: engines.forJob('segment', used.file.baseFilters),
          write: async (id, at, probability) => {
            map = probability;
            if (stack === replay.image) await project.predictions.write(id, at, probability);
          },
          written: () => undefined,
        },
      );
      const result = await finish(task, context);
      return { map, seconds: result.kind === 'segmented' ? result.seconds : 0 };
    };
    const project = await projectOf(replay.image.path, join(folder, 'Demo.emproj'), signal);
    try {
      const { thresholds, share, seconds } = await showSample();
      const crop = await read(replay.image.path, CORRECTED, signal);
      const { width, height, depth } = crop;
      const wanted = Uint8Array.from(
        (await read(replay.labels.path, CORRECTED, signal)).grey,
        (value) => (value === replay.membrane ? 1 : 0),
      );
      const mapBefore = (await segment(replay.image, CORRECTED, model)).map;
      const before = membraneMask(mapBefore, width, height, thresholds);
      const { labels, strokes } = simulatedLabels({ width, height, now: before, wanted }, STROKES);
      if (strokes === 0) throw new Error('the simulated user found nothing to correct');
      await paint(project, labels);
      progress.note(
        `Painted ${strokes} strokes on a labelled crop, where the mask differs from the expert's; saved in the project.`,
      );
      const models = new ModelStore(bundledModels(context), project.modelsFolder);
      const retrained = await finish(
        retrainJob(
          {
            stack: {
              source: replay.image,
              name: project.stack.name,
              depth,
              pixelSize: pixelSizeOf(project.stack.info.voxelSize),
              conditioning: noConditioning,
            },
            reviewed: project.labels.reviewedSlices(),
            classes: [],
            compare: { z: CORRECTED, mask: thresholds },
            model,
            replay: { ...replay, validate: replay.validate.filter((z) => z !== CORRECTED) },
            steps: args.number('steps', { min: 1, max: 10_000, whole: true }) ?? STEPS,
            seed: 0,
          },
          {
            engine: engines.forJob('train', model.file.baseFilters),
            models,
            previews: new PreviewRing(),
            checkpoint: newCheckpoint(project.folder),
            learnt: null,
            collected: () => Promise.resolve(),
            labels: (z) => project.labels.slice(z),
            changedAt: (z) => project.labels.changedAt(z),
            shownSo: () => true,
            inUse: () => Promise.resolve({ id: model.file.id, name: model.file.name }),
            added: async (id, accepted) => {
              if (accepted) await project.setCurrentModel(id);
            },
          },
        ),
        context,
      );
      if (retrained.kind !== 'trained') throw new Error('a retraining gives a version');
      const version = await models.find(retrained.model);
      const mapAfter = (await segment(replay.image, CORRECTED, version)).map;
      const after = membraneMask(
        mapAfter,
        width,
        height,
        thresholdsFor(version.file, { kind: 'model' }),
      );
      await draw('crop-mask.png', overlay(crop, before));
      await draw('crop-strokes.png', overlay(crop, labels));
      await draw('crop-mask-after-retraining.png', overlay(crop, after));
      const { verdict, reason, before: scoresBefore, after: scoresAfter } = retrained;
      const diceBefore = dice(before, wanted);
      const diceAfter = dice(after, wanted);
      const value = {
        folder,
        pictures,
        membraneShare: share,
        segmentSeconds: seconds,
        strokes,
        retrainSeconds: retrained.seconds,
        steps: retrained.steps,
        accepted: verdict === 'accepted',
        reason,
        before: scoresBefore,
        after: scoresAfter,
        cropDice: { before: diceBefore, after: diceAfter },
        changedPixels: retrained.changed?.pixels ?? 0,
      };
      return {
        value,
        text: [
          `Retrained for ${retrained.steps} steps in ${retrained.seconds.toFixed(0)} s; ${value.changedPixels} pixels of the mask changed, its Dice with the expert's went from ${diceBefore.toFixed(3)} to ${diceAfter.toFixed(3)}.`,
          reason,
          `Pictures and the project: ${folder}`,
        ].join('\n'),
        exitCode: 0,
      };
    } finally {
      await project.close();
    }

    async function showSample() {
      const opened = await read(sample, 0, signal);
      const { width, height, depth, grey } = opened;
      progress.note(`Opened the sample: ${width} × ${height} pixels, ${depth} slices.`);
      const { map, seconds } = await segment(await sourceReference(sample), 0, model);
      const thresholds = thresholdsFor(model.file, { kind: 'model' });
      const membranes = membraneMask(map, width, height, thresholds);
      const share = membranes.reduce((sum, value) => sum + value, 0) / membranes.length;
      progress.note(
        `Segmented slice 0 with ${model.file.name} in ${seconds.toFixed(1)} s: ${(share * 100).toFixed(1)} % membrane.`,
      );
      await draw('sample.png', png(grey, width, height, 1));
      await draw('sample-probability.png', png(map, width, height, 1));
      await draw('sample-mask.png', overlay(opened, membranes));
      return { thresholds, share, seconds };
    }
  },
};
