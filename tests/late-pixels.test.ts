import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LayerKey } from '#contract/entities';
import { MEMBRANE, painted, UNTOUCHED } from '#contract/label-byte';
import { pixelUrl } from '#contract/pixel-url';
import { TILE_SIZE } from '#contract/tiles';
import { everywhere } from '#labels/paint-mode';
import { areaOfRect } from '#labels/pixel-area';
import { code, open, pixels } from '#main/session/testing/window-steps';
import { makeWorkplace, type Workplace } from '#main/session/testing/running-services';
import { addLayer, addStack } from '../renderer/commands/layer-commands';
import { chooseLayer } from '../renderer/commands/shown-layer';
import { WindowOverMain } from './window-over-main';

let work: Workplace;
beforeAll(async () => {
  work = await makeWorkplace();
}, 60_000);
afterAll(async () => {
  vi.unstubAllGlobals();
  await work.remove();
});

const size = { width: 60, height: 40, depth: 2 };

const shownKey = ({ topics }: WindowOverMain): LayerKey => {
  const { open: shown } = topics.project;
  if (!shown) throw new Error('nothing is open');
  return { stack: shown.stack.id, layer: shown.layer };
};

/** Paints a column of the layer shown. */
async function paint(window: WindowOverMain, x: number): Promise<void> {
  await window.session.load(0, window.everything);
  const area = areaOfRect({ x, y: 0, width: 1, height: 5 }, size.width, size.height);
  expect(window.session.paint(0, 'Fill', area, MEMBRANE, everywhere)).toBe(5);
  await window.topics.painting.allSaved();
}

/** Columns of slice 0 that the session has labels in. */
function columns({ session }: WindowOverMain): number[] {
  const tile = session.tiles.read(0, 0, 0);
  return [...(tile?.subarray(0, TILE_SIZE) ?? [])].flatMap((label, x) =>
    label === UNTOUCHED ? [] : [x],
  );
}

/** Holds requests for pixels back, before main sees them or when it has answered, until they are let go. */
function holding(where: 'before' | 'after'): {
  letGo: () => void;
  done: () => void;
  held: () => number;
} {
  const through = globalThis.fetch;
  let count = 0;
  let letGo = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  globalThis.fetch = async (...wanted: Parameters<typeof fetch>) => {
    count += 1;
    if (where === 'before') await gate;
    const answer = await through(...wanted);
    await gate;
    return answer;
  };
  const done = (): void => {
    globalThis.fetch = through;
  };
  return { letGo, done, held: () => count };
}

describe('labels that are on their way while another layer or stack comes into the window', () => {
  it.each(['before', 'after'] as const)(
    'are never those of the one shown (held %s main answers)',
    async (where) => {
      const seed = where === 'before' ? 1 : 5;
      const first = await work.stack(`first-${where}.tif`, size, seed);
      const second = await work.stack(`second-${where}.tif`, size, seed + 1);
      const window = await WindowOverMain.open(work, first);
      const { topics, app } = window;
      const one = shownKey(window);
      await paint(window, 3);
      await addLayer(topics);
      const two = shownKey(window);
      await paint(window, 7);
      app.chosen.push(second);
      await addStack(topics, 'stack');
      const far = shownKey(window);
      await paint(window, 11);
      expect(far.layer).not.toBe(two.layer);

      for (const [from, to, at] of [
        [one, two, 7],
        [two, one, 3],
        [one, far, 11],
        [far, two, 7],
        [two, far, 11],
      ] as const) {
        // By way of another one, so that nothing of it is here yet.
        await chooseLayer(topics, to);
        await chooseLayer(topics, from);
        const old = window.session;
        const held = holding(where);
        const late = old.load(0, window.everything).catch(() => undefined);
        await vi.waitUntil(() => held.held() > 0);
        await chooseLayer(topics, to);
        const now = window.session.load(0, window.everything);
        held.letGo();
        held.done();
        await Promise.all([late, now]);
        expect(columns(window)).toEqual([at]);
        const stale = old.tiles.read(0, 0, 0);
        const own = from === one ? 3 : from === two ? 7 : 11;
        expect(stale?.[own]).toBe(painted(MEMBRANE));
        expect(stale?.[at]).toBe(UNTOUCHED);
      }
      await window.quit();
    },
    120_000,
  );

  it('are refused where the project is not the one that is open', async () => {
    const app = await work.run();
    const before = await open(app, await work.stack('one.tif', size, 21));
    const url = pixelUrl({
      ...{ kind: 'labels', project: before.id, stack: before.stack.id, layer: before.layer },
      ...{ z: 0, tx: 0, ty: 0 },
    });
    expect(await pixels(app, url)).toEqual({ kind: 'empty' });
    const after = await open(app, await work.stack('two.tif', size, 22));
    expect(after.stack.id).toBe(before.stack.id);
    await expect(pixels(app, url)).rejects.toEqual(code('project.stale'));
    await app.quit();
  });
});
