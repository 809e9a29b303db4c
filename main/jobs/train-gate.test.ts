import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noConditioning, type Job, type JobResult } from '#contract/entities';
import { INTERIOR, MEMBRANE, painted } from '#contract/label-byte';
import type { ModelId } from '#contract/ids';
import { writeSlices } from '#contract/slice-marks';
import { bundleEntry } from '../compute/testing/bundle';
import { writeLines } from '../compute/testing/line-stacks';
import type { EngineManager } from '../engines/engine-manager';
import { openRoom } from '../engines/testing/open-room';
import { ModelStore, type StoredModel } from '../models/model-store';
import { sourceReference } from '../stacks/open-stack';
import { JobQueue, type JobTask } from './job-queue';
import { newCheckpoint } from './kept-checkpoint';
import { PreviewRing } from './preview-ring';
import { retrainJob } from './retrain-job';
import { trainJob, type TrainRequest } from './train-job';

const resources = resolve(import.meta.dirname, '..', '..', 'resources');
const slow = 240_000;
const side = 128;

type Trained = Extract<JobResult, { kind: 'trained' }>;

describe('a version and the one in use', () => {
  let folder: string;
  let image: string;
  let room: EngineManager;
  let models: ModelStore;
  let good: StoredModel;
  const taken: ModelId[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gate-'));
    image = join(folder, 'image.tif');
    await writeLines(image, 'image', { side, depth: 4 });
    await writeLines(join(folder, 'labels.tif'), 'labels', { side, depth: 4 });
    room = await openRoom(
      await bundleEntry('main/compute/handlers/entry.ts'),
      join(folder, 'user'),
    );
    models = new ModelStore(join(resources, 'models'), join(folder, 'models'));
    const { file } = (await models.list()).models.find(
      ({ file }) => file.name === 'isbi-base8',
    ) ?? {
      file: null,
    };
    if (file === null) throw new Error('the bundled model is not there');
    good = await models.find(file.id);
  }, slow);

  afterAll(async () => {
    room.dispose();
    await rm(folder, { recursive: true });
  });

  async function finished(task: JobTask): Promise<Trained> {
    const queue = new JobQueue({ changed: () => undefined });
    const job: Job = await queue.finished(queue.submit(task));
    if (job.state !== 'done' || job.result.kind !== 'trained') throw new Error(JSON.stringify(job));
    return job.result;
  }

  /** One step, from fresh weights unless told: what comes of them is as good as nothing. */
  async function train(
    rival: StoredModel | null,
    more: Partial<TrainRequest> = {},
    inUse = rival,
  ): Promise<Trained> {
    taken.length = 0;
    return finished(
      trainJob(
        {
          stacks: {
            image: await sourceReference(image),
            labels: await sourceReference(join(folder, 'labels.tif')),
            membrane: 0,
            void: null,
            train: [0, 1],
            validate: [2, 3],
          },
          pixelSize: null,
          name: 'One step',
          baseFilters: 4,
          budget: { steps: 1, seconds: null },
          seed: 0,
          from: null,
          rival: rival === null ? null : { id: rival.file.id, name: rival.file.name },
          against: { kind: 'compare', slices: [2, 3], favoured: false },
          ...more,
        },
        {
          engine: room.forJob('train', 8),
          models,
          previews: new PreviewRing(),
          checkpoint: newCheckpoint(folder),
          inUse: () => Promise.resolve(inUse?.file ?? null),
          added: (id, accepted) => {
            if (accepted) taken.push(id);
            return Promise.resolve();
          },
        },
      ),
    );
  }

  it(
    'trained from labels: a worse one is kept aside, a better one comes into use, each with its numbers',
    async () => {
      const worse = await train(good);
      expect(worse).toMatchObject({ verdict: 'kept-aside', replaced: good.file.id });
      expect(worse.before?.vInfo).toBeGreaterThan((worse.after?.vInfo ?? 1) + 0.005);
      expect(writeSlices(worse.reason, 1)).toMatch(
        /^Kept aside: it is worse than isbi-base8: V_Info on validation slices 3-4 is 0\.\d{3} \(isbi-base8 \d\.\d{3}; thresholds/,
      );
      expect(taken).toEqual([]);
      const poor = await models.find(worse.model);
      expect(poor.file.status).toEqual({ kind: 'kept-aside', reason: worse.reason });

      const from = { id: good.file.id, folder: good.folder };
      const better = await train(poor, { from, name: 'Better' });
      expect(better).toMatchObject({ verdict: 'accepted', replaced: poor.file.id });
      expect(taken).toEqual([better.model]);

      const late = await train(poor, { from, name: 'Late' }, good);
      expect(late.verdict).toBe('offered');
      expect(late.reason).toContain('isbi-base8 came into use meanwhile');
      expect(taken).toEqual([]);
    },
    slow,
  );

  it(
    'trained from labels of another image: offered, whatever its own scores, and the reason said',
    async () => {
      const other = await train(good, { against: { kind: 'other-image', image: 'image.tif' } });
      expect(other.verdict).toBe('offered');
      expect(other.after).not.toBeNull();
      expect(other.reason).toContain('it learnt from image.tif');
      expect(taken).toEqual([]);
    },
    slow,
  );

  it(
    'trained from labels with a blank slice among those to validate on: compared on the others, which are named',
    async () => {
      const gap = join(folder, 'gap.tif');
      await writeLines(gap, 'image', { side, depth: 4, blank: [1] });
      const stacks = {
        image: await sourceReference(gap),
        labels: await sourceReference(join(folder, 'labels.tif')),
        membrane: 0,
        void: null,
        train: [0],
        validate: [1, 2, 3],
      };
      const against = { kind: 'compare' as const, slices: [1, 2], favoured: false };
      const { reason, before } = await train(good, { stacks, against });
      expect(writeSlices(reason, 1)).toContain('V_Info on validation slice 3 is');
      // What the version in use scores on slice 3 alone.
      const alone = { ...stacks, validate: [2] };
      const { before: expected } = await train(good, { stacks: alone, against });
      expect(before).toEqual(expected);
    },
    slow,
  );

  it(
    'retrained: a page that cannot be read is left out by name, and the others teach',
    async () => {
      const broken = join(folder, 'broken.tif');
      await writeLines(broken, 'image', { side, depth: 4 });
      await spoil(broken);
      const labels = new Uint8Array(side * side);
      for (let i = 0; i < labels.length / 2; i += 1)
        labels[i] = painted((i % side) % 16 < 3 ? MEMBRANE : INTERIOR);
      const result = await finished(
        retrainJob(
          {
            stack: {
              source: await sourceReference(broken),
              name: 'broken.tif',
              depth: 4,
              pixelSize: null,
              conditioning: noConditioning,
            },
            reviewed: [0, 1],
            classes: [],
            compare: { z: 1, mask: { pixel: 0.5, cells: 0.5 } },
            model: good,
            replay: null,
            steps: 1,
            seed: 0,
          },
          {
            engine: room.forJob('train', 8),
            models,
            previews: new PreviewRing(),
            checkpoint: newCheckpoint(folder),
            learnt: null,
            collected: () => Promise.resolve(),
            labels: () => Promise.resolve(labels.slice()),
            changedAt: (z) => z,
            shownSo: () => true,
            inUse: () => Promise.resolve(good.file),
            added: () => Promise.resolve(),
          },
        ),
      );
      expect(result).toMatchObject({
        left: [{ z: 1, reason: 'unreadable' }],
        corrected: 2,
        changed: null,
      });
      const { file } = await models.find(result.model);
      expect(file.training?.data.map(({ slices }) => slices)).toEqual(['0']);
    },
    slow,
  );
});

/** Overwrites pixels of page 1 of four: the writer puts the pages one after another behind the header. */
async function spoil(path: string): Promise<void> {
  const { size } = await stat(path);
  const handle = await open(path, 'r+');
  try {
    await handle.write(Buffer.alloc(64, 0xa5), 0, 64, Math.floor(size * 0.375));
  } finally {
    await handle.close();
  }
}
