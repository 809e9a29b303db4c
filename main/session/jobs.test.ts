import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { noConditioning } from '#contract/entities';
import type { GrantId } from '#contract/ids';
import { makeWorkplace, type RunningServices, type Workplace } from './testing/running-services';

/** The app's own resources, with the bundled model. */
const resources = resolve(import.meta.dirname, '..', '..', 'resources');

let place: Workplace;
let app: RunningServices;
beforeEach(async () => {
  place = await makeWorkplace();
  // A compute process that takes every call and answers none.
  const compute = join(place.folder, 'deaf.mjs');
  await writeFile(compute, "process.on('message', () => {}); setInterval(() => {}, 1000);\n");
  app = await place.run({ resources, compute });
});
afterEach(() => place.remove());

const code = (wanted: string): unknown => expect.objectContaining({ code: wanted });

async function offered(name: string, seed = 1): Promise<GrantId> {
  const path = await place.stack(name, { width: 40, height: 30, depth: 2 }, seed);
  await app.services.offer([path], 'drop');
  const grant = app.heard('files.offered').at(-1)?.grants[0];
  if (grant === undefined) throw new Error('nothing was offered');
  return grant.id;
}

/** Opens a stack and starts to segment it; the job runs until it is cancelled. */
async function segmenting() {
  const view = await app.call('project.open', { grant: await offered('brain.tif') });
  if (view.model === null) throw new Error('no bundled model');
  const stack = view.stack.id;
  const { job } = await app.call('segment.start', {
    stack,
    slices: [0],
    model: view.model,
  });
  await expect.poll(() => app.heard('job.changed').at(-1)?.state).toBe('running');
  return { view, job };
}

describe('while a job runs', () => {
  it('another project does not open, and what is open stays', async () => {
    const { view, job } = await segmenting();
    const other = await offered('other.tif', 2);
    await expect(app.call('project.open', { grant: other })).rejects.toEqual(code('job.busy'));
    await expect(app.call('project.close', null)).rejects.toEqual(code('job.busy'));
    expect(await app.call('stack.statistics', { stack: view.stack.id, z: 0 })).toBeDefined();
    await app.call('job.cancel', { job });
    await expect.poll(() => app.heard('job.changed').at(-1)?.state).toBe('cancelled');
    expect((await app.call('project.open', { grant: other })).name).toBe('other');
  });

  it('the same project can be asked for again', async () => {
    const { view } = await segmenting();
    const again = await app.call('project.open', { grant: await offered('brain.tif') });
    expect(again.id).toBe(view.id);
  });

  it('another device waits for its end instead of taking the process away', async () => {
    const { job } = await segmenting();
    await app.call('settings.set', { device: 'cpu' });
    // A process taken away ends its job within milliseconds.
    await sleep(1000);
    expect((await app.call('jobs.list', null)).at(-1)).toMatchObject({ id: job, state: 'running' });
  });

  it('quitting is quick', async () => {
    await segmenting();
    const began = performance.now();
    await app.quit();
    expect(performance.now() - began).toBeLessThan(3000);
    expect(app.heard('job.changed').at(-1)?.state).toBe('cancelled');
  });
});

describe('a job that makes no sense', () => {
  it('to retrain without corrections fails with the next step', async () => {
    const view = await app.call('project.open', { grant: await offered('brain.tif') });
    await app.call('retrain.start', {
      stack: view.stack.id,
      z: 0,
      mask: { pixel: 0.5, cells: 0.5 },
    });
    await expect
      .poll(() => app.heard('job.changed').at(-1))
      .toMatchObject({
        state: 'failed',
        error: { code: 'labels.none' },
      });
  });

  it('to segment slices or with a model that are not there is refused', async () => {
    const { stack, model } = await app.call('project.open', { grant: await offered('brain.tif') });
    if (model === null) throw new Error('no bundled model');
    const input = { stack: stack.id, model };
    await expect(app.call('segment.start', { ...input, slices: [2] })).rejects.toEqual(
      code('stack.slice-out-of-range'),
    );
    await expect(
      app.call('segment.start', { ...input, slices: [0], model: 'm-none' }),
    ).rejects.toEqual(code('model.not-found'));
  });

  it('to train on slices beyond the stack is refused', async () => {
    const image = await offered('brain.tif');
    app.chosen.push(await place.stack('labels.tif', { width: 40, height: 30, depth: 2 }, 3));
    const labels = await app.call('dialog.open', { kind: 'labels' });
    if (labels === null) throw new Error('no grant');
    await expect(
      app.call('train.start', {
        image,
        labels: labels.id,
        membrane: 0,
        at: null,
        train: [0, 5],
        validate: [],
        baseFilters: 8,
        budget: { kind: 'steps', steps: 1 },
        seed: 0,
        from: null,
        name: 'x',
      }),
    ).rejects.toEqual(code('stack.slice-out-of-range'));
  });
});

describe('a training that the end of the app interrupts', () => {
  async function training(): Promise<{ record: string; checkpoint: string }> {
    const image = await offered('brain.tif');
    await app.call('project.open', { grant: image });
    app.chosen.push(await place.stack('labels.tif', { width: 40, height: 30, depth: 2 }, 3));
    const labels = await app.call('dialog.open', { kind: 'labels' });
    if (labels === null) throw new Error('no grant');
    await app.call('train.start', {
      image,
      labels: labels.id,
      membrane: 0,
      train: [0],
      validate: [1],
      baseFilters: 8,
      budget: { kind: 'steps', steps: 50 },
      seed: 0,
      from: null,
      name: 'Long',
    });
    const record = join(place.folder, 'user', 'training.json');
    const Record = z.object({ trainings: z.tuple([z.object({ checkpoint: z.string() })]) });
    const text = await expect
      .poll(() => readFile(record, 'utf8').catch(() => ''))
      .toContain('"Long"')
      .then(() => readFile(record, 'utf8'));
    return { record, checkpoint: Record.parse(JSON.parse(text)).trainings[0].checkpoint };
  }

  it('is in the job list again when its project opens, and a cancel forgets it', async () => {
    const { record, checkpoint } = await training();
    // What a sudden end leaves on the disk: the record and the last checkpoint.
    const left = await readFile(record);
    await app.quit();
    await writeFile(record, left);
    await mkdir(dirname(checkpoint), { recursive: true });
    await writeFile(checkpoint, 'kept');
    app = await place.run({ resources, compute: join(place.folder, 'deaf.mjs') });
    await app.call('project.open', { grant: await offered('brain.tif') });
    await expect.poll(() => app.heard('job.changed').at(-1)?.state).toBe('running');
    const [job] = await app.call('jobs.list', null);
    expect(job).toMatchObject({
      kind: 'train',
      title: expect.stringContaining('goes on after an interruption') as unknown,
    });
    if (job === undefined) throw new Error('no job');
    await app.call('job.cancel', { job: job.id });
    await expect.poll(() => app.heard('job.changed').at(-1)?.state).toBe('cancelled');
    await expect.poll(() => readFile(record, 'utf8')).toContain('"trainings": []');
    await expect.poll(() => existsSync(checkpoint)).toBe(false);
  });

  it('is not taken up again when nothing was kept of it', async () => {
    const { record } = await training();
    const left = await readFile(record);
    await app.quit();
    await writeFile(record, left);
    app = await place.run({ resources, compute: join(place.folder, 'deaf.mjs') });
    await app.call('project.open', { grant: await offered('brain.tif') });
    expect(await app.call('jobs.list', null)).toEqual([]);
    expect(await readFile(record, 'utf8')).toContain('"trainings": []');
  });

  it('in another version of the app is given up in words', async () => {
    const { record, checkpoint } = await training();
    const left = z.object({ trainings: z.tuple([z.looseObject({ request: z.unknown() })]) });
    const [kept] = left.parse(JSON.parse(await readFile(record, 'utf8'))).trainings;
    await app.quit();
    const request = { stacks: { image: '/data/brain.tif', labels: '/data/labels.tif' } };
    await writeFile(record, JSON.stringify({ training: { ...kept, request } }));
    await mkdir(dirname(checkpoint), { recursive: true });
    await writeFile(checkpoint, 'kept');
    app = await place.run({ resources, compute: join(place.folder, 'deaf.mjs') });
    await app.call('project.open', { grant: await offered('brain.tif') });
    expect(await app.call('jobs.list', null)).toEqual([]);
    expect(app.heard('disk.warning').at(-1)?.error.code).toBe('training.given-up');
    expect(await readFile(record, 'utf8')).toContain('"trainings": []');
    expect(existsSync(checkpoint)).toBe(false);
  });
});

describe('trainings of two projects that ends of the app interrupt', () => {
  it('both wait for their project', async () => {
    const deaf = { resources, compute: join(place.folder, 'deaf.mjs') };
    const record = join(place.folder, 'user', 'training.json');
    const fit = async (name: string, seed: number): Promise<void> => {
      const view = await app.call('project.open', { grant: await offered(name, seed) });
      await app.call('fit.start', { stack: view.stack.id, z: 0 });
      await expect.poll(() => app.heard('job.changed').at(-1)?.state).toBe('running');
      // What a sudden end leaves on the disk: the record and the last checkpoint.
      const Record = z.object({ trainings: z.array(z.object({ checkpoint: z.string() })) });
      const remembered = async () =>
        Record.parse(JSON.parse(await readFile(record, 'utf8').catch(() => '{"trainings":[]}')))
          .trainings;
      await expect.poll(remembered).toHaveLength(seed);
      const left = await readFile(record);
      const checkpoint = (await remembered()).at(-1)?.checkpoint ?? '';
      await app.quit();
      await writeFile(record, left);
      await mkdir(dirname(checkpoint), { recursive: true });
      await writeFile(checkpoint, 'kept');
      app = await place.run(deaf);
    };
    await fit('brain.tif', 1);
    await fit('other.tif', 2);
    for (const [name, seed] of [
      ['brain.tif', 1],
      ['other.tif', 2],
    ] as const) {
      await app.call('project.open', { grant: await offered(name, seed) });
      const job = (await app.call('jobs.list', null)).at(-1);
      expect(job?.title).toContain('goes on after an interruption');
      if (job === undefined) throw new Error('no job');
      await app.call('job.cancel', { job: job.id });
      await expect.poll(() => app.heard('job.changed').at(-1)?.state).toBe('cancelled');
    }
    await expect.poll(() => readFile(record, 'utf8')).toContain('"trainings": []');
  });
});

describe('a fit that the end of the app interrupts', () => {
  it('goes on from its checkpoint only where slices are shown as they were', async () => {
    const calls = join(place.folder, 'calls.txt');
    const compute = join(place.folder, 'noting.mjs');
    await writeFile(
      compute,
      `import { appendFileSync } from 'node:fs';
process.on('message', (call) => appendFileSync(${JSON.stringify(calls)}, JSON.stringify(call)));
setInterval(() => {}, 1000);`,
    );
    const record = join(place.folder, 'user', 'training.json');
    const grant = await offered('brain.tif');
    const { stack } = await app.call('project.open', { grant });
    await app.call('fit.start', { stack: stack.id, z: 0 });
    await expect.poll(() => readFile(record, 'utf8').catch(() => '')).toContain('"fit"');
    const left = await readFile(record, 'utf8');
    const [, checkpoint = ''] = /"checkpoint": "([^"]+)"/.exec(left) ?? [];
    await app.quit();
    for (const smoothing of [0, 1]) {
      app = await place.run({ resources, compute });
      await app.call('project.open', { grant: await offered('brain.tif') });
      await app.call('conditioning.set', { conditioning: { ...noConditioning, smoothing } });
      await app.quit();
      await writeFile(record, left);
      await mkdir(dirname(checkpoint), { recursive: true });
      await writeFile(checkpoint, 'kept');
      await writeFile(calls, '');
      app = await place.run({ resources, compute });
      await app.call('project.open', { grant: await offered('brain.tif') });
      await expect
        .poll(() => readFile(calls, 'utf8'))
        .toContain(`"resume":${String(smoothing === 0)}`);
      await app.quit();
    }
    app = await place.run({ resources, compute });
  });
});

describe('the model in use', () => {
  it('is the general one until another is chosen, and the choice lasts', async () => {
    const grant = await offered('brain.tif');
    const view = await app.call('project.open', { grant });
    expect(view.model).toBe('general');
    const other = view.models.find(({ id }) => id !== view.model);
    if (other === undefined) throw new Error('only one bundled model');
    await app.call('project.apply', {
      step: {
        sequence: 1,
        action: 'do',
        name: `Use model ${other.name}`,
        change: { kind: 'model', before: view.model, after: other.id },
      },
    });
    expect(app.heard('models.changed').at(-1)?.current).toBe(other.id);
    expect((await app.call('project.open', { grant })).model).toBe(other.id);
  });
});
