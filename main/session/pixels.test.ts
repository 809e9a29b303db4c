import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pixelUrl } from '#contract/pixel-url';
import { TILE_PIXELS, TILE_SIZE } from '#contract/tiles';
import { makeWorkplace, type Workplace } from './testing/running-services';
import { code, open, pixels, shape } from './testing/window-steps';

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
});
afterEach(() => place.remove());

describe('pixels', () => {
  it('are those of the file, padded to whole tiles', async () => {
    const app = await place.run();
    const { stack } = await open(
      app,
      await place.stack('wide.tif', { width: 600, height: 9, depth: 1 }),
    );
    const raw = { kind: 'raw' as const, stack: stack.id, z: 0, level: 0, ty: 0 };
    const tile = await pixels(app, pixelUrl({ ...raw, tx: 1 }));
    if (tile.kind === 'empty') throw new Error('empty');
    expect(tile).toMatchObject({
      element: 'uint8',
      width: TILE_SIZE,
      height: TILE_SIZE,
      badBlocks: false,
    });
    expect(tile.bytes).toHaveLength(TILE_PIXELS);
    expect(tile.bytes[0]).toBe((512 * 7 + 13) & 255);
    expect(tile.bytes.subarray(88, TILE_SIZE).every((value) => value === 0)).toBe(true);
    const thumbnail = await pixels(app, pixelUrl({ kind: 'thumbnail', stack: stack.id, z: 0 }));
    expect(thumbnail).toMatchObject({ kind: 'pixels', element: 'uint8', width: 150 });
    await expect(pixels(app, pixelUrl({ ...raw, tx: 2 }))).rejects.toEqual(
      code('stack.slice-out-of-range'),
    );
  });

  it('are empty where nothing was painted or predicted', async () => {
    const app = await place.run();
    const { id, stack, layer } = await open(app, await place.stack('brain.tif', shape));
    const at = { project: id, stack: stack.id, layer };
    expect(await pixels(app, pixelUrl({ kind: 'labels', ...at, z: 0, tx: 0, ty: 0 }))).toEqual({
      kind: 'empty',
    });
    expect(await pixels(app, `em-pixels://probability/${stack.id}/m-1/0/0/0/0`)).toEqual({
      kind: 'empty',
    });
  });
});
