import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StackId } from '#contract/ids';
import { MEMBRANE, painted, VOID } from '#contract/label-byte';
import { parsePixelUrl, pixelUrl } from '#contract/pixel-url';
import { TILE_SIZE } from '#contract/tiles';
import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';
import { makeWorkplace, type RunningServices, type Workplace } from './testing/running-services';
import { code, open, shape, stroke } from './testing/window-steps';

let place: Workplace;
let app: RunningServices;
beforeEach(async () => {
  place = await makeWorkplace();
  app = await place.run();
});
afterEach(() => place.remove());

const opened = async () => open(app, await place.stack('brain.tif', shape));

/** A label stack of two values: 0 in a band of each slice, 255 elsewhere. */
async function labels(name: string, size = shape): Promise<string> {
  const path = join(place.folder, name);
  const writer = await createTiffWriter(path, {
    width: size.width,
    height: size.height,
    type: 'uint8',
    voxelSize: { x: null, y: null, z: null, source: 'unknown' },
  });
  for (let z = 0; z < size.depth; z += 1)
    await writer.append(
      Uint8Array.from({ length: size.width * size.height }, (_, i) =>
        i % size.width < 10 + z ? 0 : 255,
      ),
    );
  await writer.finish();
  return path;
}

async function choose(path: string) {
  app.chosen.push(path);
  const grant = await app.call('dialog.open', { kind: 'labels' });
  if (grant === null) throw new Error('no grant');
  return app.call('truth.open', { grant: grant.id });
}

async function tile(value: number, z: number, level = 0) {
  const stack = StackId.parse('stack-1');
  const request = parsePixelUrl(pixelUrl({ kind: 'truth', stack, value, z, level, tx: 0, ty: 0 }));
  if (request === null) throw new Error('no request');
  return app.services.pixels.read(request, new AbortController().signal);
}

describe('the truth', () => {
  it('of the same shape is shown: where its membrane is, slice by slice', async () => {
    await opened();
    const layer = await choose(await labels('truth.tif'));
    expect(layer).toMatchObject({ name: 'truth.tif', membrane: 0 });
    const answer = await tile(0, 1);
    if (answer.kind === 'empty') throw new Error('empty');
    const rows = [0, 39].map((y) => answer.bytes.slice(y * TILE_SIZE, y * TILE_SIZE + 70));
    for (const row of rows) {
      expect([...row.subarray(0, 11)]).toEqual(Array.from({ length: 11 }, () => 255));
      expect([...row.subarray(11)].every((value) => value === 0)).toBe(true);
    }
    // The other value is the rest of the slice, and nothing lies beyond it.
    const rest = await tile(255, 1);
    if (rest.kind === 'empty') throw new Error('empty');
    expect(rest.bytes.reduce((sum, value) => sum + Number(value === 255), 0)).toBe(40 * (70 - 11));
  });

  it('of another shape is refused with both shapes, and the one before stays', async () => {
    await opened();
    await choose(await labels('truth.tif'));
    const other = await labels('short.tif', { ...shape, depth: 2 });
    const refusal = choose(other);
    await expect(refusal).rejects.toEqual(code('stack.shape-mismatch'));
    await expect(refusal).rejects.toThrow('short.tif is 70 × 40 × 2, but brain.tif is 70 × 40 × 3');
    expect((await tile(0, 0)).kind).toBe('pixels');
  });

  it('is gone when it is closed, and with its project', async () => {
    await opened();
    await choose(await labels('truth.tif'));
    await app.call('truth.close', null);
    expect((await tile(0, 0)).kind).toBe('empty');
    await choose(await labels('truth.tif'));
    await app.call('project.close', null);
    await expect(app.call('truth.close', null)).rejects.toEqual(code('project.stale'));
    await opened();
    expect((await tile(0, 0)).kind).toBe('empty');
  });

  it('needs an open project', async () => {
    await expect(choose(await labels('truth.tif'))).rejects.toEqual(code('project.stale'));
  });
});

describe('the pixels of classes', () => {
  it('are counted on a slice and on all of them', async () => {
    await opened();
    expect(await app.call('labels.classCounts', { z: null })).toEqual([]);
    await app.call('labels.append', { patch: stroke(1, 0, 0, 9) });
    await app.call('labels.append', { patch: stroke(2, 2, 520, 5) });
    await app.call('labels.append', { patch: stroke(3, 2, 0, 4, painted(VOID)) });
    expect(await app.call('labels.classCounts', { z: 2 })).toEqual([
      { class: MEMBRANE, pixels: 5, slices: 1 },
      { class: VOID, pixels: 4, slices: 1 },
    ]);
    expect(await app.call('labels.classCounts', { z: null })).toEqual([
      { class: MEMBRANE, pixels: 14, slices: 2 },
      { class: VOID, pixels: 4, slices: 1 },
    ]);
  });
});
