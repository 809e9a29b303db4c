import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExportedImage, Job, MissingSlices } from '#contract/entities';
import { TILE_SIZE } from '#contract/tiles';
import { openStack } from '#main/stacks/open-stack';
import { makeWorkplace, type RunningServices, type Workplace } from './testing/running-services';
import { code, open, shape, stroke } from './testing/window-steps';

let place: Workplace;
let app: RunningServices;
beforeEach(async () => {
  place = await makeWorkplace();
  app = await place.run();
  await open(app, await place.stack('brain.tif', shape));
});
afterEach(() => place.remove());

const { width, height, depth } = shape;

/** Asks for an export as the window does; resolves with the job when it is over. */
async function exported(
  what: ExportedImage,
  missing: MissingSlices,
  slices: 'all' | number[] = 'all',
): Promise<Job> {
  app.chosen.push(join(place.folder, `${what}.tif`));
  const grant = await app.call('dialog.save', { kind: 'tiff', name: `${what}.tif` });
  if (grant === null) throw new Error('no grant');
  const mask = { pixel: 0.5, cells: 0.5 };
  const asked = { grant: grant.id, what, mask, slices, missing };
  const { job } = await app.call('labels.export', asked);
  const last = (): Job | undefined => app.heard('job.changed').findLast(({ id }) => id === job);
  await expect.poll(() => last()?.state).toMatch(/done|failed/);
  const ended = last();
  if (ended === undefined) throw new Error('no job');
  return ended;
}

/** Paints a whole slice as membrane. */
async function paintAll(z: number): Promise<void> {
  for (let row = 0; row < height; row += 1)
    await app.call('labels.append', { patch: stroke(row + 1, z, row * TILE_SIZE, width) });
}

async function pagesOf(file: string): Promise<number> {
  const source = await openStack(join(place.folder, file), {
    signal: new AbortController().signal,
  });
  await source.close();
  return source.info.depth;
}

describe('a stack that is finished in part', () => {
  it('is not exported as it is: the refusal names the slices, and no file appears', async () => {
    await paintAll(1);
    await expect(exported('mask', 'refuse')).rejects.toMatchObject({
      code: 'labels.incomplete',
      message: 'Slices ⟨0,2⟩ are not segmented, so they have no values to export.',
      data: { missing: 2, of: depth },
    });
    await expect(exported('probability', 'refuse', [1])).rejects.toEqual(code('labels.incomplete'));
    expect(await readdir(place.folder)).not.toContain('mask.tif');
  });

  it('has no mask of a class that the version in use does not find: the refusal names it', async () => {
    await paintAll(1);
    app.chosen.push(join(place.folder, 'nuclei.tif'));
    const grant = await app.call('dialog.save', { kind: 'tiff', name: 'nuclei.tif' });
    if (grant === null) throw new Error('no grant');
    const asked = {
      grant: grant.id,
      what: 'mask' as const,
      mask: { pixel: 0.5, cells: 0.5 },
      class: { name: 'nuclei', threshold: 0.5 },
      slices: [1],
      missing: 'leave-out' as const,
    };
    await expect(app.call('labels.export', asked)).rejects.toMatchObject({
      code: 'model.class-unknown',
      message: 'The model version in use does not find nuclei.',
    });
    expect(await readdir(place.folder)).not.toContain('nuclei.tif');
  });

  it('is exported without the rest when that is asked for, and says which pages are which', async () => {
    await paintAll(1);
    const job = await exported('mask', 'leave-out');
    expect(job).toMatchObject({
      state: 'done',
      result: {
        ...{ kind: 'exported', what: 'mask', name: 'mask.tif', slices: [1], leftOut: [0, 2] },
        values: [
          { value: 0, name: 'not membrane' },
          { value: 255, name: 'membrane' },
        ],
      },
    });
    expect(await pagesOf('mask.tif')).toBe(1);
    if (job.state !== 'done' || job.result.kind !== 'exported') throw new Error('not exported');
    expect(JSON.stringify(job.result)).not.toContain(place.folder);
    await app.call('files.show', { grant: job.result.grant });
    expect(app.shown).toEqual([join(place.folder, 'mask.tif')]);
  });

  it('is not exported when nothing would be left, nor segmented without a model', async () => {
    expect(await exported('mask', 'leave-out')).toMatchObject({
      state: 'failed',
      error: { code: 'labels.none' },
    });
    await expect(exported('mask', 'segment')).rejects.toEqual(code('model.not-found'));
    await expect(exported('mask', 'refuse', [depth])).rejects.toEqual(
      code('stack.slice-out-of-range'),
    );
  });

  it('has classes for every slice, and for those alone that are asked for', async () => {
    await paintAll(1);
    expect(await exported('classes', 'refuse')).toMatchObject({ state: 'done' });
    expect(await pagesOf('classes.tif')).toBe(depth);
    expect(await exported('review', 'refuse', [2, 1])).toMatchObject({
      result: { slices: [1, 2], leftOut: [] },
    });
    expect(await pagesOf('review.tif')).toBe(2);
  });

  it('shows no file in its folder that the user did not choose to write', async () => {
    await app.services.offer([join(place.folder, 'brain.tif')], 'drop');
    const [grant] = app.heard('files.offered').at(-1)?.grants ?? [];
    if (grant === undefined) throw new Error('no grant');
    await expect(app.call('files.show', { grant: grant.id })).rejects.toEqual(
      code('grant.unknown'),
    );
    expect(app.shown).toEqual([]);
  });
});
