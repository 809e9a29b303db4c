import { noConditioning } from '#contract/entities';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { INTERIOR, MEMBRANE, painted } from '#contract/label-byte';
import { ComputeClient } from '../compute/client';
import { computeEnvironment } from '../compute/environment';
import { nodeLauncher } from '../compute/node-launcher';
import { sourceReference } from '#main/stacks/open-stack';
import type { EngineChoice, LabelledStacks } from '../compute/requests';
import { bundleEntry } from '../compute/testing/bundle';
import { writeLines } from '../compute/testing/line-stacks';
import { withoutTensorflow } from '../compute/testing/tensorflow';
import { openRoom } from '../engines/testing/open-room';
import { ModelStore } from '../models/model-store';
import { JobQueue } from './job-queue';
import { PreviewRing } from './preview-ring';
import { killSteps, trainWithKills } from './testing/killed-training';
import { trainJob } from './train-job';
import { trainResumably, type KeptTraining, type TrainingProgress } from './resumable-training';

/** Engines whose CPU kernels give the same bits twice: a resumed run must end with equal weights. */
const engines = ['onnx', 'tensorflow'] as const;
const slow = 240_000;
const side = 64;
const seed = Number(process.env['MEMBRANA_KILL_SEED'] ?? 1);
/** `bench/resume` kills 20 processes. */
const kills = Number(process.env['MEMBRANA_KILLS'] ?? 3);
const steps = 8 + 2 * kills;

const missing = withoutTensorflow();
if (missing !== null)
  console.warn(`Left out: trainings on TensorFlow that are killed; ${missing}.`);
const here = engines.filter((engine) => engine === 'onnx' || missing === null);

let folder: string;
let entry: string;
let stacks: LabelledStacks;
let compute: ComputeClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'killed-'));
  const image = join(folder, 'image.tif');
  const labels = join(folder, 'labels.tif');
  await writeLines(image, 'image', { side, depth: 3 });
  await writeLines(labels, 'labels', { side, depth: 3 });
  stacks = {
    image: await sourceReference(image),
    labels: await sourceReference(labels),
    membrane: 0,
    void: null,
    train: [0, 1],
    validate: [2],
  };
  entry = await bundleEntry('main/compute/handlers/entry.ts');
}, slow);

afterAll(() => rm(folder, { recursive: true }));
afterEach(() => {
  compute.dispose();
});

const choiceOf = (engine: (typeof engines)[number]): EngineChoice => ({
  engine,
  device: 'cpu',
  threads: 1,
});

function open(engine: (typeof engines)[number]): ComputeClient {
  compute = new ComputeClient({
    launcher: nodeLauncher(entry),
    environment: computeEnvironment(choiceOf(engine)),
  });
  return compute;
}

const paramsOf = (name: string, changes: Partial<KeptTraining> = {}): KeptTraining => ({
  data: { kind: 'stacks', sources: [stacks] },
  start: { kind: 'fresh', baseFilters: 4 },
  budget: { steps, seconds: null },
  seed: 3,
  checkpoint: { path: join(folder, `${name}.checkpoint`), resume: false, every: 2 },
  choice: choiceOf('onnx'),
  ...changes,
});

describe.each(here)('a training on %s whose process is killed', (engine) => {
  it(
    `ends with the weights, curve and scores of the unbroken one`,
    async () => {
      const compute = open(engine);
      const choice = choiceOf(engine);
      const whole = await trainWithKills(compute, paramsOf(`whole-${engine}`, { choice }), []);
      const wanted = killSteps(seed, kills, steps);
      const { result, events, killed } = await trainWithKills(
        compute,
        paramsOf(`killed-${engine}`, { choice }),
        wanted,
      );
      const story = `seed ${seed}, killed at ${killed.join(', ')}`;
      expect(killed, story).toHaveLength(kills);
      expect(result.weights, story).toEqual(whole.result.weights);
      expect(result.curve, story).toEqual(whole.result.curve);
      expect(result.scores, story).toEqual(whole.result.scores);
      expect(result).toMatchObject({ steps, finalLoss: whole.result.finalLoss });
      for (const kind of ['step', 'validation', 'preview'] as const) {
        const stepsOf = (all: readonly TrainingProgress[]): number[] =>
          all.flatMap((event) => (event.kind === kind ? [event.step] : []));
        expect(stepsOf(events), `${kind}: ${story}`).toEqual(stepsOf(whole.events));
      }
      const restarts = events.flatMap((event) => (event.kind === 'restarted' ? [event] : []));
      expect(restarts).toHaveLength(kills);
      expect(restarts[0]?.note).toMatch(/SIGKILL.*goes on from/);
    },
    slow,
  );
});

describe('a training whose process is killed', () => {
  it(
    'retrains to the same version too, comparison and all',
    async () => {
      const compute = open('onnx');
      const labels = new Uint8Array(side * side);
      for (let i = 0; i < labels.length / 2; i += 1)
        labels[i] = painted((i % side) % 16 < 3 ? MEMBRANE : INTERIOR);
      const model = resolve(import.meta.dirname, '..', '..', 'resources', 'models', 'isbi-base8');
      const retraining = (name: string): KeptTraining =>
        paramsOf(name, {
          data: {
            kind: 'corrections',
            inUse: model,
            stack: stacks.image,
            pixelSize: null,
            conditioning: noConditioning,
            slices: [{ z: 0, labels, recent: true, heldBefore: false }],
            untouched: [1],
            replay: null,
            compare: { z: 0, mask: { pixel: 0.5, cells: 0.5 } },
          },
          start: { kind: 'model', folder: model },
          budget: { steps: 5, seconds: null },
        });
      const whole = await trainWithKills(compute, retraining('retrained'), []);
      const { result, killed } = await trainWithKills(compute, retraining('retrained-killed'), [3]);
      expect(killed).toHaveLength(1);
      expect(result.weights).toEqual(whole.result.weights);
      expect(result.comparison).toEqual(whole.result.comparison);
    },
    slow,
  );

  it(
    'gives up after three ends without a checkpoint in between, and says which end it was',
    async () => {
      const compute = open('onnx');
      const params = paramsOf('hopeless', {
        checkpoint: { path: join(folder, 'hopeless.checkpoint'), resume: false, every: 1000 },
      });
      const broken = trainWithKills(compute, params, [1, 2, 3, 4]);
      await expect(broken).rejects.toMatchObject({
        code: 'compute.crashed',
        data: { signal: 'SIGKILL', during: 'train.run' },
      });
    },
    slow,
  );

  it(
    'refuses a checkpoint that was damaged, or begins anew where nobody waits for it',
    async () => {
      const compute = open('onnx');
      const params = paramsOf('damaged', { budget: { steps: 3, seconds: null } });
      await trainWithKills(compute, params, []);
      const bytes = await readFile(params.checkpoint.path);
      bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1;
      await writeFile(params.checkpoint.path, bytes);
      const resumed = trainResumably(
        compute,
        { ...params, checkpoint: { ...params.checkpoint, resume: true } },
        { signal: new AbortController().signal },
      );
      await expect(resumed).rejects.toMatchObject({ code: 'model.corrupt' });
      const seen: TrainingProgress[] = [];
      const anew = await trainResumably(
        compute,
        { ...params, checkpoint: { ...params.checkpoint, resume: true, anew: true } },
        { signal: new AbortController().signal, onProgress: (event) => seen.push(event) },
      );
      expect(anew.steps).toBe(3);
      expect(seen.flatMap((event) => (event.kind === 'restarted' ? [event.note] : []))).toEqual([
        expect.stringContaining('begins anew'),
      ]);
      expect(seen.filter(({ kind }) => kind === 'step')).toHaveLength(3);
    },
    slow,
  );

  it(
    'is a job like any other: its note tells, its curve never goes back, no checkpoint stays',
    async () => {
      await mkdir(join(folder, 'project'), { recursive: true });
      const room = await openRoom(entry, join(folder, 'user'));
      const models = new ModelStore(join(folder, 'none'), join(folder, 'project', 'models'));
      const notes = new Set<string>();
      const curve: number[] = [];
      let victim: number | null = null;
      const queue = new JobQueue({
        changed: (job) => {
          if (job.state === 'running') notes.add(job.note);
        },
        training: (_, update) => {
          if (update.kind !== 'step') return;
          curve.push(update.step);
          if (update.step !== 5 || victim !== null) return;
          victim = room.pid;
          if (victim !== null) process.kill(victim, 'SIGKILL');
        },
      });
      const task = trainJob(
        {
          stacks,
          pixelSize: null,
          name: 'Killed',
          baseFilters: 4,
          budget: { steps: 8, seconds: null },
          seed: 3,
          from: null,
          rival: null,
          against: { kind: 'no-model' },
        },
        {
          engine: room.forJob('train', 4),
          models,
          previews: new PreviewRing(),
          checkpoint: { path: join(folder, 'project', 'training', 'a'), resume: false, every: 2 },
          inUse: () => Promise.resolve(null),
          added: () => Promise.resolve(),
        },
      );
      const job = await queue.finished(queue.submit(task));
      room.dispose();
      expect(job).toMatchObject({ state: 'done', result: { kind: 'trained', steps: 8 } });
      expect(victim).not.toBeNull();
      expect(curve).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect([...notes].some((note) => note.includes('went on from step'))).toBe(true);
      expect(await readdir(join(folder, 'project', 'training'))).toEqual([]);
    },
    slow,
  );
});
