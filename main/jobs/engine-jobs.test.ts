import { noConditioning } from '#contract/entities';
import { copyFileSync, renameSync, utimesSync } from 'node:fs';
import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Job, SegmentQuality } from '#contract/entities';
import { confirmed, INTERIOR, MEMBRANE, painted } from '#contract/label-byte';
import { sliceMark } from '#contract/slice-marks';
import { predictSlice, type PredictParams } from '../compute/requests';
import { sourceReference } from '../stacks/open-stack';
import { imageTags, tiffBytes } from '../stacks/tiff/testing/tiff-bytes';
import { bundleEntry } from '../compute/testing/bundle';
import { writeLines } from '../compute/testing/line-stacks';
import type { EngineManager } from '../engines/engine-manager';
import { openRoom } from '../engines/testing/open-room';
import { DEFAULT_MODEL } from '../models/default-model';
import { ModelStore, type StoredModel } from '../models/model-store';
import { JobQueue, type JobTask } from './job-queue';
import { newCheckpoint } from './kept-checkpoint';
import { PreviewRing } from './preview-ring';
import { bundledReplay } from './replay-data';
import { retrainJob, type RetrainRequest } from './retrain-job';
import { segmentJob } from './segment-job';

const resources = resolve(import.meta.dirname, '..', '..', 'resources');
const slow = 240_000;
const side = 256;

describe('jobs with the real engine', () => {
  let folder: string;
  let image: string;
  let room: EngineManager;
  let models: ModelStore;
  let model: StoredModel;
  const written = new Map<number, Uint8Array>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jobs-'));
    image = join(folder, 'image.tif');
    await writeLines(image, 'image', { side, depth: 4 });
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

  async function segment(
    path: string,
    slices: readonly number[],
    quality: SegmentQuality = 'standard',
    finished: (z: number) => void = () => undefined,
  ): Promise<JobTask> {
    const stack = await sourceReference(path);
    const { id, name } = model.file;
    return segmentJob(
      {
        stack,
        pixelSize: null,
        conditioning: noConditioning,
        slices,
        model: { id, name, folder: model.folder },
        quality,
      },
      {
        engine: room.forJob('segment', model.file.baseFilters),
        write: (_, z, map) => {
          written.set(z, map);
          return Promise.resolve();
        },
        written: (_, z) => finished(z),
      },
    );
  }

  async function run(task: JobTask): Promise<Job> {
    const queue = new JobQueue({ changed: () => undefined });
    return queue.finished(queue.submit(task));
  }

  it(
    'segments slices to bytes',
    async () => {
      const job = await run(await segment(image, [0, 2]));
      expect(job).toMatchObject({
        state: 'done',
        result: { kind: 'segmented', slices: 2, skipped: [] },
      });
      expect(written.get(2)).toHaveLength(side * side);
      expect(new Set(written.get(0)).size).toBeGreaterThan(20);
    },
    slow,
  );

  it(
    'segments fast, as usual or carefully: nearly the same map three times, and the title says which',
    async () => {
      const maps: Uint8Array[] = [];
      for (const [quality, manner] of [
        ['standard', /with [^,]+$/],
        ['fast', /, fast$/],
        ['careful', /, carefully$/],
      ] as const) {
        const job = await run(await segment(image, [1], quality));
        expect(job).toMatchObject({
          state: 'done',
          title: expect.stringMatching(manner) as unknown,
        });
        maps.push(Uint8Array.from(written.get(1) ?? []));
      }
      const [standard = new Uint8Array(), ...others] = maps;
      for (const other of others) {
        const apart = standard.map((value, i) => Math.abs(value - (other[i] ?? 255)));
        const mean = apart.reduce((sum, value) => sum + value, 0) / apart.length;
        expect(mean).toBeGreaterThan(0);
        expect(mean).toBeLessThan(0.05 * 255);
      }
    },
    slow,
  );

  it(
    'skips pages that cannot be read, with the reason, and fails when it is the only one',
    async () => {
      const broken = join(folder, 'broken.tif');
      await writeLines(broken, 'image', { side, depth: 4 });
      await spoil(broken);
      const job = await run(await segment(broken, [0, 1, 2, 3]));
      if (job.state !== 'done' || job.result.kind !== 'segmented')
        throw new Error(JSON.stringify(job));
      expect(job.result.slices).toBe(3);
      expect(job.result.skipped).toMatchObject([
        { z: 1, reason: expect.stringContaining(`Slice ${sliceMark(1)}`) as unknown },
      ]);
      expect(await run(await segment(broken, [1]))).toMatchObject({
        state: 'failed',
        error: { code: 'stack.page-unreadable' },
      });
    },
    slow,
  );

  it(
    'stops in words when the stack becomes another file of the same size, and keeps what was finished',
    async () => {
      const path = join(folder, 'replaced.tif');
      const other = join(folder, 'other.tif');
      const same = join(folder, 'same.tif');
      const lines = (offset: number): Uint8Array =>
        tiffBytes({
          pages: Array.from({ length: 4 }, () => ({
            tags: imageTags({ width: side, height: side }),
            blocks: [Uint8Array.from({ length: side * side }, (_, i) => ((i + offset) % 16) * 9)],
          })),
        });
      await writeFile(path, lines(0));
      await writeFile(other, lines(8));
      written.clear();
      const replace = (z: number): void => {
        if (z === 1) renameSync(other, path);
      };
      const job = await run(await segment(path, [0, 1, 2, 3], 'standard', replace));
      expect(job).toMatchObject({
        state: 'failed',
        error: {
          code: 'file.changed',
          message: expect.stringContaining('replaced.tif') as unknown,
        },
      });
      expect([...written.keys()]).toEqual([0, 1]);

      await writeFile(path, lines(0));
      const task = await segment(path, [0, 1, 2, 3], 'standard', (z) => {
        if (z === 1) copyFileSync(path, same);
        if (z === 1) renameSync(same, path);
        if (z === 2) utimesSync(path, 1000, 1000);
      });
      expect(await run(task)).toMatchObject({ state: 'done', result: { slices: 4 } });
    },
    slow,
  );

  it(
    'goes on after a kill in the middle of a job, and says so',
    async () => {
      const queue = new JobQueue({ changed: () => undefined });
      const id = queue.submit(await segment(image, [0, 1, 2, 3], 'careful'));
      for (let tries = 0; tries < 2000 && room.pid === null; tries += 1) await sleep(5);
      await sleep(300);
      process.kill(room.pid ?? 0, 'SIGKILL');
      expect(await queue.finished(id)).toMatchObject({
        state: 'done',
        result: { kind: 'segmented', slices: 4, skipped: [] },
        remarks: expect.arrayContaining([
          expect.stringContaining('was ended from outside; started again'),
        ]) as unknown,
      });
      expect(await run(await segment(image, [3]))).toMatchObject({ state: 'done' });
    },
    slow,
  );

  it(
    'answers a cancel between tiles or ends its process: 200 ms, and then the next job works',
    async () => {
      const controller = new AbortController();
      let aborted = 0;
      const stack = await sourceReference(image);
      const work = room.forJob('segment', 8).call(
        predictSlice,
        (choice): PredictParams => ({
          stack,
          z: 0,
          model: model.folder,
          tta: true,
          pixelSize: null,
          conditioning: noConditioning,
          output: 'uint8',
          choice,
        }),
        {
          remark: () => undefined,
          signal: controller.signal,
          onProgress: () => {
            if (aborted > 0) return;
            aborted = performance.now();
            controller.abort();
          },
        },
      );
      await expect(work).rejects.toMatchObject({ name: 'AbortError' });
      expect(performance.now() - aborted).toBeLessThan(predictSlice.cancelWithinMs + 300);
      expect(await run(await segment(image, [1]))).toMatchObject({ state: 'done' });
    },
    slow,
  );

  /** Labels as an expert would paint them on part of the lines, the rest untouched. */
  function corrections(rows: number): Uint8Array<ArrayBuffer> {
    const labels = new Uint8Array(side * side);
    for (let i = 0; i < rows * side; i += 1) {
      const wall = (i % side) % 16 < 3 || Math.floor(i / side) % 16 < 3;
      labels[i] =
        i % 5 === 0 ? confirmed(wall ? MEMBRANE : INTERIOR) : painted(wall ? MEMBRANE : INTERIOR);
    }
    return labels;
  }

  async function retrain(
    request: Partial<RetrainRequest>,
    rows: number,
  ): Promise<{ task: JobTask; previews: PreviewRing }> {
    const previews = new PreviewRing();
    const source = await sourceReference(image);
    const task = retrainJob(
      {
        stack: {
          source,
          name: 'image.tif',
          depth: 4,
          pixelSize: null,
          conditioning: noConditioning,
        },
        reviewed: [0],
        classes: [],
        compare: { z: 0, mask: { pixel: 0.5, cells: 0.5 } },
        model,
        replay: null,
        steps: 4,
        seed: 0,
        ...request,
      },
      {
        engine: room.forJob('train', model.file.baseFilters),
        models,
        previews,
        checkpoint: newCheckpoint(folder),
        learnt: null,
        collected: () => Promise.resolve(),
        labels: () => Promise.resolve(corrections(rows)),
        changedAt: () => 0,
        shownSo: () => true,
        inUse: () => Promise.resolve(model.file),
        added: () => Promise.resolve(),
      },
    );
    return { task, previews };
  }

  it(
    'retrains on corrections and replay into a new version that says why it is used or not',
    async () => {
      const replay = await bundledReplay(resources);
      expect(replay).not.toBeNull();
      const { task, previews } = await retrain({ replay }, 160);
      const updates: string[] = [];
      const queue = new JobQueue({
        changed: () => undefined,
        training: (_, update) => updates.push(update.kind),
      });
      const id = queue.submit(task);
      const job = await queue.finished(id);
      if (job.state !== 'done' || job.result.kind !== 'trained')
        throw new Error(JSON.stringify(job));
      const { result } = job;
      const version = await models.find(result.model);
      expect(version.file).toMatchObject({
        origin: 'retrained',
        parent: model.file.id,
        name: `${model.file.name} · 2`,
        status: {
          kind: result.verdict === 'accepted' ? 'accepted' : 'kept-aside',
          reason: result.reason,
        },
      });
      expect(result).toMatchObject({ steps: 4, changed: { z: 0 } });
      expect(result.before?.vInfo).toBeGreaterThan(0.9);
      expect(updates.filter((kind) => kind === 'step')).toHaveLength(4);
      expect(previews.picture(id, 1, 'target')?.bytes).toHaveLength(256 * 256);
    },
    slow,
  );

  it(
    'never trains on corrections alone',
    async () => {
      const { task } = await retrain(
        {
          stack: {
            source: await sourceReference(image),
            name: 'image.tif',
            depth: 1,
            pixelSize: null,
            conditioning: noConditioning,
          },
        },
        side,
      );
      const job = await run(task);
      expect(job).toMatchObject({ state: 'failed', error: { code: 'labels.none' } });
      expect(job.state === 'failed' && job.error.message).toContain('only corrections');
    },
    slow,
  );

  it('wants corrections before it retrains', async () => {
    const { task } = await retrain({ reviewed: [] }, 0);
    expect(await run(task)).toMatchObject({ state: 'failed', error: { code: 'labels.none' } });
  });
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
