import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noConditioning, type Job } from '#contract/entities';
import { confirmed, INTERIOR, MEMBRANE, painted } from '#contract/label-byte';
import { bundleEntry } from '../compute/testing/bundle';
import { writeLines } from '../compute/testing/line-stacks';
import type { EngineManager } from '../engines/engine-manager';
import { openRoom } from '../engines/testing/open-room';
import { DEFAULT_MODEL } from '../models/default-model';
import { ModelStore, type StoredModel } from '../models/model-store';
import { sourceReference } from '../stacks/open-stack';
import { JobQueue } from './job-queue';
import { newCheckpoint } from './kept-checkpoint';
import { PreviewRing } from './preview-ring';
import { bundledReplay } from './replay-data';
import { retrainJob } from './retrain-job';

const resources = resolve(import.meta.dirname, '..', '..', 'resources');
const slow = 240_000;
const side = 128;
const blank = 2;

/** Label bytes of a slice with a bar of `label` in its middle, the rest `others`. */
function bar(label: number, others = 0): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: side * side }, (_, i) =>
    Math.abs(Math.floor(i / side) - 64) < 3 && i % side > 30 && i % side < 90 ? label : others,
  );
}

describe('a round on strange corrections', () => {
  let folder: string;
  let room: EngineManager;
  let models: ModelStore;
  let model: StoredModel;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'retrain-'));
    await writeLines(join(folder, 'image.tif'), 'image', { side, depth: 3, blank: [blank] });
    room = await openRoom(
      await bundleEntry('main/compute/handlers/entry.ts'),
      join(folder, 'user'),
    );
    models = new ModelStore(join(resources, 'models'), join(folder, 'models'));
    model = await models.find(DEFAULT_MODEL);
  }, slow);

  afterAll(async () => {
    room.dispose();
    await rm(folder, { recursive: true });
  });

  /** The job's end, and whether its version was put in place. */
  async function round(
    corrections: ReadonlyMap<number, Uint8Array<ArrayBuffer>>,
  ): Promise<{ readonly job: Job; readonly inPlace: boolean }> {
    let inPlace = false;
    const queue = new JobQueue({ changed: () => undefined });
    const task = retrainJob(
      {
        stack: {
          source: await sourceReference(join(folder, 'image.tif')),
          name: 'image.tif',
          depth: 3,
          pixelSize: null,
          conditioning: noConditioning,
        },
        reviewed: [...corrections.keys()],
        classes: [],
        compare: { z: 0, mask: { pixel: 0.5, cells: 0.2 } },
        model,
        replay: await bundledReplay(resources),
        steps: 2,
        seed: 0,
      },
      {
        engine: room.forJob('train', model.file.baseFilters),
        models,
        previews: new PreviewRing(),
        checkpoint: newCheckpoint(folder),
        learnt: null,
        collected: () => Promise.resolve(),
        labels: (z) => Promise.resolve(corrections.get(z) ?? new Uint8Array(side * side)),
        changedAt: () => 1,
        inUse: () => Promise.resolve({ id: model.file.id, name: model.file.name }),
        shownSo: () => true,
        added: (_, accepted) => {
          inPlace ||= accepted;
          return Promise.resolve();
        },
      },
    );
    const job = await queue.finished(queue.submit(task));
    expect(await readdir(join(folder, 'training'))).toEqual([]);
    return { job, inPlace };
  }

  it(
    'says so and trains nothing where all of them lie where the stack shows no tissue',
    async () => {
      const { job } = await round(new Map([[blank, bar(painted(MEMBRANE))]]));
      expect(job).toMatchObject({ state: 'failed', error: { code: 'labels.none' } });
      if (job.state === 'failed') expect(job.error.message).toContain('no tissue');
      expect((await models.list()).models.some(({ file }) => file.origin === 'retrained')).toBe(
        false,
      );
    },
    slow,
  );

  it(
    'puts nothing in place unasked where nothing was painted, or one class on every slice there is',
    async () => {
      const looked = await round(new Map([[0, bar(0, confirmed(INTERIOR))]]));
      expect(looked).toMatchObject({
        job: { state: 'done', result: { kind: 'trained', verdict: 'offered' } },
        inPlace: false,
      });
      const every = [0, 1, blank].map((z) => [z, bar(painted(MEMBRANE))] as const);
      const { job, inPlace } = await round(new Map(every));
      expect(job).toMatchObject({ state: 'done' });
      if (job.state !== 'done' || job.result.kind !== 'trained') throw new Error('no version');
      expect(job.result.reason).not.toBe('');
      expect(inPlace).toBe(job.result.verdict === 'accepted');
    },
    slow,
  );
});
