import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noConditioning, type Job } from '#contract/entities';
import { ModelId } from '#contract/ids';
import { bundleEntry } from '../compute/testing/bundle';
import { writeLines } from '../compute/testing/line-stacks';
import type { EngineManager } from '../engines/engine-manager';
import { openRoom } from '../engines/testing/open-room';
import { DEFAULT_MODEL } from '../models/default-model';
import { ModelStore, type StoredModel } from '../models/model-store';
import { sourceReference } from '../stacks/open-stack';
import { fitJob } from './fit-job';
import { JobQueue } from './job-queue';
import { newCheckpoint } from './kept-checkpoint';
import { PreviewRing } from './preview-ring';
import { bundledPictures } from './replay-data';

const resources = resolve(import.meta.dirname, '..', '..', 'resources');
const slow = 240_000;

describe('a fit to a stack', () => {
  let folder: string;
  let room: EngineManager;
  let models: ModelStore;
  let model: StoredModel;
  const notes: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fit-'));
    // The slice in the middle shows nothing: others say how the stack looks.
    await writeLines(join(folder, 'image.tif'), 'image', { side: 128, depth: 5, blank: [2] });
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

  async function fit(inUse: { id: ModelId; name: string }): Promise<Job> {
    const pictures = await bundledPictures(resources);
    if (pictures === null) throw new Error('no bundled pictures');
    const queue = new JobQueue({
      changed: (job) => {
        if (job.state === 'running' && notes.at(-1) !== job.note) notes.push(job.note);
      },
    });
    const task = fitJob(
      {
        stack: {
          source: await sourceReference(join(folder, 'image.tif')),
          name: 'image.tif',
          depth: 5,
          pixelSize: null,
          conditioning: { ...noConditioning, smoothing: 1 },
        },
        model,
        pictures: [{ ...pictures, slices: [0, 1] }],
        budget: { steps: 2, seconds: null },
        seed: 0,
      },
      {
        engine: room.forJob('train', model.file.baseFilters),
        models,
        previews: new PreviewRing(),
        checkpoint: newCheckpoint(folder),
        inUse: () => Promise.resolve(inUse),
        shownSo: () => true,
        added: () => Promise.resolve(),
      },
    );
    return queue.finished(queue.submit(task));
  }

  it(
    'makes a version beside the one in use, says what decided, and leaves no checkpoint',
    async () => {
      const { id, name } = model.file;
      const job = await fit({ id, name });
      if (job.state !== 'done' || job.result.kind !== 'trained')
        throw new Error(JSON.stringify(job));
      expect(job.result).toMatchObject({ replaced: id, steps: 2, after: null });
      expect(job.result.reason).toMatch(/contradicts itself|membrane|merge/);
      const { file } = await models.find(job.result.model);
      expect(file).toMatchObject({
        origin: 'fitted',
        name: `${name}, fitted`,
        parent: id,
        conditioning: { smoothing: 1 },
        thresholds: model.file.thresholds,
      });
      expect(file.status.kind === 'accepted').toBe(job.result.verdict === 'accepted');
      expect(await readdir(join(folder, 'training'))).toEqual([]);
      expect(notes.some((note) => note.includes('Looking at slice'))).toBe(true);
    },
    slow,
  );

  it(
    'is never put in place of another version that came into use meanwhile',
    async () => {
      const other = { id: ModelId.parse('m-other'), name: 'other' };
      const job = await fit(other);
      if (job.state !== 'done' || job.result.kind !== 'trained')
        throw new Error(JSON.stringify(job));
      // Two steps may make the model worse, which is told before anything else.
      const { verdict, reason } = job.result;
      expect(verdict).not.toBe('accepted');
      if (verdict === 'offered') expect(reason).toContain('other came into use meanwhile');
    },
    slow,
  );
});
