import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ChangeEntry, ProjectView } from '#contract/entities';
import { ModelId, StackId, type JobId } from '#contract/ids';
import { INTERIOR, MEMBRANE, painted } from '#contract/label-byte';
import { encodePatch } from '#contract/label-patch-codec';
import { TILE_SIZE } from '#contract/tiles';
import { bundleEntry } from '#main/compute/testing/bundle';
import { openStack } from '#main/stacks/open-stack';
import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';
import { makeWorkplace, type RunningServices, type Workplace } from './testing/running-services';
import { code, open } from './testing/window-steps';

const resources = resolve(import.meta.dirname, '..', '..', 'resources');
const SIDE = 256;
/** The engine computes on whatever cores are left over: a busy machine is no fault. */
const ENGINE_MS = 240_000;
const from = ModelId.parse('general');
const to = ModelId.parse('isbi-base8');
const masks = { from: { pixel: 0.5, cells: 0.2 }, to: { pixel: 0.5, cells: 0.2 } };

let place: Workplace;
let app: RunningServices;
let view: ProjectView;

/** Parts of the bundled tissue, small enough to be segmented in seconds. */
async function tissue(path: string): Promise<string> {
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
    await writer.append(data);
  }
  await writer.finish();
  await source.close();
  return path;
}

async function over(job: JobId): Promise<void> {
  await expect
    .poll(() => app.heard('job.changed').findLast(({ id }) => id === job)?.state, {
      timeout: ENGINE_MS,
    })
    .toBe('done');
}

/** Paints a change as the window does; the slice is one tile. */
function keep({ kind, z, spans }: ChangeEntry, sequence: number): Promise<unknown> {
  const runs: number[] = [];
  for (let i = 0; i < spans.length; i += 3) {
    const start = spans[i + 1] ?? 0;
    runs.push((spans[i] ?? 0) * TILE_SIZE + start, (spans[i + 2] ?? 0) - start);
  }
  const patch = encodePatch({
    ...{ stack: StackId.parse('stack-1'), layer: 'membranes', element: 'uint8', z, sequence },
    ...{ action: 'do', name: 'Keep' },
    tiles: [
      {
        ...{ tx: 0, ty: 0, runs: Uint32Array.from(runs), before: { kind: 'uniform', value: 0 } },
        after: { kind: 'uniform', value: painted(kind === 'split' ? INTERIOR : MEMBRANE) },
      },
    ],
  });
  return app.call('labels.append', { patch });
}

beforeAll(async () => {
  const compute = await bundleEntry('main/compute/handlers/entry.ts');
  place = await makeWorkplace();
  app = await place.run({ resources, compute });
  view = await open(app, await tissue(join(place.folder, 'tissue.tif')));
});
afterAll(() => place.remove());

it(
  'what a version changes is listed where both have segmented, completed from the slice in view on, and gone once it is painted as it was',
  { timeout: 3 * ENGINE_MS },
  async () => {
    expect(await app.call('changes.list', { from, to, masks })).toEqual({
      ...{ entries: [], more: 0, split: 0, merged: 0, slices: [] },
    });
    const { job } = await app.call('changes.complete', { from, to, z: 2 });
    await over(job);
    expect(app.heard('job.changed').findLast(({ id }) => id === job)).toMatchObject({
      kind: 'changes',
      background: true,
      result: { kind: 'compared', slices: 3, skipped: [] },
    });
    // The nearest first, with both, as no step of the history, and nothing is put in use.
    expect(
      app.heard('predictions.changed').map(({ model, slices, background }) => {
        expect(background).toBe(true);
        return [slices[0], model];
      }),
    ).toEqual([2, 1, 0].flatMap((z) => [from, to].map((model) => [z, model])));
    expect(app.heard('models.changed').every(({ current }) => current === view.model)).toBe(true);

    const there = await app.call('changes.list', { from, to, masks });
    expect(there.slices).toEqual([0, 1, 2]);
    expect(there.entries.length).toBeGreaterThan(0);
    const back = await app.call('changes.list', {
      ...{ from: to, to: from },
      masks: { from: masks.to, to: masks.from },
    });
    expect([back.split, back.merged]).toEqual([there.merged, there.split]);

    // Nothing is missing any more.
    const again = await app.call('changes.complete', { from, to, z: 0 });
    await over(again.job);
    expect(app.heard('predictions.changed')).toHaveLength(6);

    const [first] = there.entries;
    if (first === undefined) throw new Error('nothing changed');
    await keep(first, 1);
    const left = await app.call('changes.list', { from, to, masks });
    const places = left.entries.map(({ z, kind, x, y }) => ({ z, kind, x, y }));
    const { z, kind, x, y } = first;
    expect(places).not.toContainEqual({ z, kind, x, y });
    expect(left.entries.length).toBeLessThan(there.entries.length);
  },
);

it('a version that is not there, or a slice, is refused in words', async () => {
  const stranger = ModelId.parse('m-stranger');
  await expect(app.call('changes.list', { from, to: stranger, masks })).rejects.toEqual(
    code('model.not-found'),
  );
  await expect(app.call('changes.complete', { from, to: stranger, z: 0 })).rejects.toEqual(
    code('model.not-found'),
  );
  await expect(app.call('changes.complete', { from, to, z: 3 })).rejects.toEqual(
    code('stack.slice-out-of-range'),
  );
});
