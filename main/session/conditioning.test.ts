import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { noConditioning, type ProjectView } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { bundleEntry } from '#main/compute/testing/bundle';
import { openStack } from '#main/stacks/open-stack';
import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';
import { makeWorkplace, type RunningServices, type Workplace } from './testing/running-services';

const resources = resolve(import.meta.dirname, '..', '..', 'resources');
const SIDE = 256;
/** The engine computes on whatever cores are left over: a busy machine is no fault. */
const ENGINE_MS = 240_000;

let place: Workplace;
let app: RunningServices;
let compute: string;

/** Parts of the bundled tissue with its contrast turned around. */
async function negative(path: string): Promise<void> {
  const { signal } = new AbortController();
  const source = await openStack(join(resources, 'replay', 'vnc-crops.tif'), { signal });
  const voxelSize = { x: 4.6, y: 4.6, z: 50, source: 'file' as const };
  const writer = await createTiffWriter(path, {
    ...{ width: SIDE, height: SIDE, type: 'uint8' as const, voxelSize },
  });
  for (const z of [0, 3, 6]) {
    const rect = { x: 0, y: 0, width: SIDE, height: SIDE };
    const { data } = await source.readRegion(z, rect, 0, signal);
    if (!(data instanceof Uint8Array)) throw new Error('the crops are of 8 bits');
    await writer.append(data.map((value) => 255 - value));
  }
  await writer.finish();
  await source.close();
}

async function segment(view: ProjectView, model: ModelId, background: boolean): Promise<void> {
  const input = { stack: view.stack.id, slices: [0, 1], model, background };
  const { job } = await app.call('segment.start', input);
  await expect
    .poll(() => app.heard('job.changed').findLast(({ id }) => id === job)?.state, {
      timeout: ENGINE_MS,
    })
    .toBe('done');
}

beforeAll(async () => {
  compute = await bundleEntry('main/compute/handlers/entry.ts');
  place = await makeWorkplace();
  app = await place.run({ resources, compute });
});
afterAll(() => place.remove());

it(
  'a stack with bright membranes is turned around before its first segmentation, kept so, and set back by hand',
  { timeout: 3 * ENGINE_MS },
  async () => {
    const path = join(place.folder, 'negative.tif');
    await negative(path);
    await app.services.offer([path], 'drop');
    const grant = app.heard('files.offered').at(-1)?.grants[0];
    if (grant === undefined) throw new Error('nothing was offered');
    const view = await app.call('project.open', { grant: grant.id });
    const { model } = view;
    if (model === null) throw new Error('no bundled model');
    expect(view.conditioning).toEqual({ chosen: null, trust: null, stale: [] });

    await segment(view, model, false);
    const chosen = app.heard('conditioning.changed')[0]?.view.chosen;
    expect(chosen).toMatchObject({ by: 'measured', model, value: { inverted: true, scale: 1 } });
    await expect
      .poll(() => app.heard('conditioning.changed').at(-1)?.view.trust, { timeout: ENGINE_MS })
      .toMatchObject({
        model,
        conditioning: chosen?.value,
      });

    const mask = { pixel: 0.5, cells: 0.3 };
    const audit = await app.call('audit.start', { mask, places: 5, seed: 1 });
    expect(audit).toMatchObject({ shownOtherwise: false, modelName: 'general' });

    // By hand to what is wrong: what is there is not mixed with what comes, and is made again.
    const set = await app.call('conditioning.set', { conditioning: noConditioning });
    expect(set.chosen).toMatchObject({ by: 'user', measured: chosen?.value });
    expect(set.stale.map(({ z }) => z)).toEqual([0, 1]);
    expect(await app.call('audit.read', {})).toMatchObject({
      kind: 'kept',
      view: { shownOtherwise: true },
    });
    await segment(view, model, true);
    await expect
      .poll(() => app.heard('conditioning.changed').at(-1)?.view.trust?.light, {
        timeout: ENGINE_MS,
      })
      .toBe('red');
    expect((await app.call('project.open', { grant: grant.id })).conditioning).toMatchObject({
      chosen: { by: 'user', value: noConditioning },
      stale: [],
    });
    const back = await app.call('conditioning.set', {
      conditioning: chosen?.value ?? noConditioning,
    });
    expect(back.chosen?.by).toBe('measured');
  },
);
