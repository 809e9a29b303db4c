import { mkdir, mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job, JobResult } from '#contract/entities';
import { fromErrorReport, MembranaError } from '#contract/errors';
import { encodePatch } from '#contract/label-patch-codec';
import { createProject } from '#main/project/project-store';
import type { Project } from '#main/project/project';
import { stackFingerprint } from '#main/stacks/fingerprint';
import { openStack } from '#main/stacks/open-stack';
import { predictSlice, type EngineChoice } from '../../compute/requests';
import { bundledReplay } from '../../jobs/replay-data';
import { JobQueue, type JobTask } from '../../jobs/job-queue';
import { PreviewRing } from '../../jobs/preview-ring';
import { retrainJob } from '../../jobs/retrain-job';
import { segmentJob } from '../../jobs/segment-job';
import { ModelStore } from '../../models/model-store';
import type { Command } from '../command';
import { engineChoice, engineHelp, engineOptions, type Context } from '../context';
import { bundledModels, findModel } from '../model-argument';
import { png, tinted } from '../png';
import { patchOf, simulatedLabels } from '../simulated-strokes';

const SLICE = 0;
const MODEL = 'isbi-base8';
const STROKES = 80;
const TINT = [230, 159, 0] as const;

/** Runs a job to its end, or throws its error. */
async function finish(task: JobTask, { signal, progress }: Context): Promise<JobResult> {
  const queue = new JobQueue({
    changed: (job: Job) => {
      if (job.state !== 'running' || job.total === 0) return;
      const done = Math.round(job.done * 100) / 100;
      progress.report(job.unit === 'steps' ? 'step' : 'slice', done, job.total, job.secondsLeft);
    },
  });
  const id = queue.submit(task);
  const cancel = (): void => {
    queue.cancel(id);
  };
  signal.addEventListener('abort', cancel, { once: true });
  const job = await queue.finished(id);
  signal.removeEventListener('abort', cancel);
  progress.end();
  signal.throwIfAborted();
  if (job.state === 'done') return job.result;
  if (job.state === 'failed') {
    const { safe, ...report } = job.error;
    throw fromErrorReport(safe === undefined ? report : { ...report, safe });
  }
  throw new MembranaError('job.cancelled', 'Cancelled.', { hint: 'Start it again.' });
}

async function openSample(sample: string, folder: string, signal: AbortSignal) {
  const source = await openStack(sample, { signal });
  try {
    const { width, height } = source.info;
    const region = await source.readRegion(SLICE, { x: 0, y: 0, width, height }, 0, signal);
    const grey = Uint8Array.from(region.data, Number);
    const project = await createProject({
      folder: join(folder, 'Sample.emproj'),
      name: 'Sample',
      stackPath: sample,
      stackInfo: source.info,
      fingerprint: await stackFingerprint(sample),
    });
    return { info: source.info, grey, project };
  } finally {
    await source.close();
  }
}

function mask(map: Uint8Array | null, threshold: number): Uint8Array {
  return Uint8Array.from(map ?? [], (value) => (value >= threshold * 255 ? 1 : 0));
}

/** Eight-fold prediction, which stands in for the expert: the sample has no labels. */
async function wantedMask(
  compute: ReturnType<Context['compute']>,
  params: { stack: string; model: string; choice: EngineChoice },
  threshold: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { probability } = await compute.call(
    predictSlice,
    { ...params, z: SLICE, tta: true, output: 'uint8' },
    { signal },
  );
  return mask(Uint8Array.from(probability), threshold);
}

async function paint(project: Project, labels: Uint8Array): Promise<void> {
  const { width, height } = project.stack.info;
  const sequence = project.labels.lastSequence + 1;
  const place = {
    stack: project.stack.id,
    layer: project.layer,
    z: SLICE,
    sequence,
    width,
    height,
  };
  await project.labels.append(encodePatch(patchOf(labels, place)));
  // Coverage follows the acknowledgement; reading the slice waits for it.
  await project.labels.slice(SLICE);
}

export const demo: Command = {
  name: 'demo',
  summary: 'Runs the main job on the bundled sample: segment, correct, retrain; leaves pictures.',
  usage: '[--out FOLDER] [--steps N]',
  help: [
    '--out FOLDER                    where the project and the pictures go (a temporary folder)',
    `--model MODEL                   a model folder, or the name of a bundled model (${MODEL})`,
    '--steps N                       steps of the retraining (40)',
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
    if ((await stat(sample).catch(() => null)) === null) {
      throw new MembranaError('file.not-found', 'The sample stack is not there.', {
        hint: 'It belongs in resources/sample; get it from the repository again.',
      });
    }
    const model = await findModel(args.text('model') ?? MODEL, args, context);
    const choice = engineChoice(args);
    const compute = context.compute(choice);
    const out = args.text('out');
    const folder = out === null ? await mkdtemp(join(tmpdir(), 'membrana-demo-')) : args.path(out);
    await mkdir(folder, { recursive: true });
    const { info, grey, project } = await openSample(sample, folder, signal);
    try {
      const { width, height, depth } = info;
      progress.note(`Opened the sample: ${width} × ${height} pixels, ${depth} slices.`);
      const segmentWith = async (used: typeof model): Promise<JobResult> =>
        finish(
          segmentJob(
            {
              stack: sample,
              slices: [SLICE],
              model: { id: used.file.id, name: used.file.name, folder: used.folder },
              tta: false,
              choice,
            },
            {
              compute,
              write: (id, z, map) => project.predictions.write(id, z, map),
              written: () => undefined,
            },
          ),
          context,
        );
      const segmented = await segmentWith(model);
      const threshold = model.file.thresholds.topology;
      const before = await project.predictions.slice(model.file.id, SLICE);
      const maskBefore = mask(before, threshold);
      const share = maskBefore.reduce((sum, value) => sum + value, 0) / maskBefore.length;
      const seconds = segmented.kind === 'segmented' ? segmented.seconds : 0;
      progress.note(
        `Segmented slice ${SLICE} with ${model.file.name} in ${seconds.toFixed(1)} s: ${(share * 100).toFixed(1)} % membrane.`,
      );

      const wanted = await wantedMask(
        compute,
        { stack: sample, model: model.folder, choice },
        threshold,
        signal,
      );
      const { labels, strokes } = simulatedLabels(
        { width, height, now: maskBefore, wanted },
        STROKES,
      );
      if (strokes === 0) throw new Error('the simulated user found nothing to correct');
      await paint(project, labels);
      progress.note(
        `Painted ${strokes} simulated strokes where the eight-fold prediction disagrees; saved in the project.`,
      );

      const models = new ModelStore(bundledModels(context), join(project.folder, 'models'));
      const retrained = await finish(
        retrainJob(
          {
            stack: { path: sample, name: project.stack.name, depth },
            reviewed: project.labels.reviewedSlices(),
            compare: { z: SLICE, threshold },
            model,
            replay: await bundledReplay(resources),
            budget: {
              steps: args.number('steps', { min: 1, max: 10_000, whole: true }) ?? 40,
              seconds: null,
            },
            seed: 0,
            choice,
          },
          {
            compute,
            models,
            previews: new PreviewRing(),
            labels: (z) => project.labels.slice(z),
            added: async (id, accepted) => {
              if (accepted) await project.setCurrentModel(id);
            },
          },
        ),
        context,
      );
      if (retrained.kind !== 'trained') throw new Error('a retraining gives a version');
      const version = await models.find(retrained.model);
      await segmentWith(version);
      const after = await project.predictions.slice(version.file.id, SLICE);
      const maskAfter = mask(after, version.file.thresholds.topology);

      const pictures: Record<string, Buffer> = {
        'slice.png': png(grey, width, height, 1),
        'probability.png': png(before ?? grey, width, height, 1),
        'mask.png': png(
          tinted(grey, (i) => maskBefore[i] === 1, TINT),
          width,
          height,
          3,
        ),
        'strokes.png': png(
          tinted(grey, (i) => labels[i] !== 0, TINT),
          width,
          height,
          3,
        ),
        'mask-after-retraining.png': png(
          tinted(grey, (i) => maskAfter[i] === 1, TINT),
          width,
          height,
          3,
        ),
      };
      for (const [name, bytes] of Object.entries(pictures))
        await writeFile(join(folder, name), bytes);
      const { accepted, reason, before: scoresBefore, after: scoresAfter } = retrained;
      const value = {
        folder,
        pictures: Object.keys(pictures),
        membraneShare: share,
        strokes,
        segmentSeconds: seconds,
        retrainSeconds: retrained.seconds,
        steps: retrained.steps,
        accepted,
        reason,
        before: scoresBefore,
        after: scoresAfter,
        changedPixels: retrained.changed?.pixels ?? 0,
      };
      return {
        value,
        text: [
          `Retrained for ${retrained.steps} steps in ${retrained.seconds.toFixed(0)} s; ${value.changedPixels} pixels of the mask changed.`,
          reason,
          `Pictures and the project: ${folder}`,
        ].join('\n'),
        exitCode: 0,
      };
    } finally {
      await project.close();
    }
  },
};
