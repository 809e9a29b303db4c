import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LayerKey } from '#contract/entities';
import { INTERIOR, MEMBRANE } from '#contract/label-byte';
import { everywhere } from '#labels/paint-mode';
import { areaOfRect } from '#labels/pixel-area';
import { makeWorkplace, type Workplace } from '#main/session/testing/running-services';
import {
  addLayer,
  addStack,
  duplicateLayer,
  removeLayer,
  removeStack,
  toggleHidden,
} from '../renderer/commands/layer-commands';
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

const shownKey = ({ topics }: WindowOverMain): LayerKey => {
  const { open } = topics.project;
  if (!open) throw new Error('nothing is open');
  return { stack: open.stack.id, layer: open.layer };
};

/** Paints a square of the layer shown, on slice `z`. */
async function paint(window: WindowOverMain, z: number, x: number, label: number): Promise<void> {
  const { session } = window;
  await session.load(z, window.everything);
  const { width, height } = window.everything;
  const area = areaOfRect({ x, y: 10, width: 20, height: 20 }, width, height);
  expect(session.paint(z, 'Fill', area, label, everywhere)).toBeGreaterThan(0);
}

/** Everything of the project that the steps change: layers as listed, and the labels of each that can be seen. */
async function everything(window: WindowOverMain): Promise<unknown> {
  const { arrangement } = window.topics.project;
  const before = shownKey(window);
  const labels: Record<string, string> = {};
  for (const stack of arrangement)
    for (const layer of stack.layers) {
      if (layer.hidden) continue;
      await chooseLayer(window.topics, { stack: stack.id, layer: layer.id });
      for (const z of window.slices) await window.session.load(z, window.everything);
      await window.topics.painting.allSaved();
      labels[`${stack.id}/${layer.id}`] = window.shown().labels;
      expect(await window.labelsInMain()).toBe(window.shown().labels);
    }
  await chooseLayer(window.topics, before);
  return { arrangement, labels };
}

describe('several stacks and layers of labels in one project', () => {
  it('are painted in, undone and redone as one history, now and after a restart', async () => {
    const first = await work.stack('first.tif', { width: 700, height: 300, depth: 3 });
    const second = await work.stack('second.tif', { width: 120, height: 90, depth: 5 }, 4);
    const window = await WindowOverMain.open(work, first);
    const { topics, app } = window;
    const start = await everything(window);
    const original = shownKey(window);

    await paint(window, 0, 600, MEMBRANE);
    await addLayer(topics);
    const another = shownKey(window);
    expect(another.layer).not.toBe(original.layer);
    await paint(window, 1, 30, INTERIOR);
    app.chosen.push(second);
    await addStack(topics, 'stack');
    const far = shownKey(window);
    expect(far.stack).not.toBe(original.stack);
    await paint(window, 4, 60, MEMBRANE);
    await chooseLayer(topics, original);
    await paint(window, 2, 200, INTERIOR);
    await duplicateLayer(topics, original);
    const copy = shownKey(window);
    await paint(window, 0, 400, MEMBRANE);
    await toggleHidden(topics, another, true);
    await removeLayer(topics, copy);
    await removeStack(topics, far.stack);
    expect(topics.project.arrangement).toHaveLength(1);
    expect(topics.notices.list.filter((one) => one.kind === 'error')).toEqual([]);
    const end = await everything(window);

    const undone = await window.travelAll('edit.undo');
    expect(undone).toBe(11);
    expect(await everything(window)).toEqual(start);
    expect(await window.travelAll('edit.redo')).toBe(undone);
    expect(await everything(window)).toEqual(end);
    await window.quit();

    const again = await WindowOverMain.open(work, first);
    await again.topics.painting.recalled;
    expect(await everything(again)).toEqual(end);
    expect(await again.travelAll('edit.undo')).toBe(undone);
    expect(await everything(again)).toEqual(start);
    expect(await again.travelAll('edit.redo')).toBe(undone);
    expect(await everything(again)).toEqual(end);
    await again.quit();
  }, 240_000);

  it('stay where they are while a job works on them: undo waits for it, and what is painted meanwhile is saved', async () => {
    const third = await work.stack('third.tif', { width: 120, height: 90, depth: 2 }, 7);
    const fourth = await work.stack('fourth.tif', { width: 110, height: 80, depth: 2 }, 9);
    // A compute process that takes every call and answers none.
    const deaf = join(work.folder, 'deaf.mjs');
    await writeFile(deaf, "process.on('message', () => {}); setInterval(() => {}, 1000);\n");
    const window = await WindowOverMain.open(work, third, deaf);
    const { topics, app, commands } = window;
    const undo = async (): Promise<void> => {
      const command = commands['edit.undo'];
      if (command.blocked() === null) await command.run();
    };
    const original = shownKey(window);
    await paint(window, 0, 30, MEMBRANE);
    app.chosen.push(fourth);
    await addStack(topics, 'stack');
    const added = shownKey(window);
    const model = topics.models.currentId;
    if (model === null) throw new Error('no model');
    const { job } = await app.call('segment.start', { stack: added.stack, slices: [0], model });
    await vi.waitUntil(() => topics.jobs.busy);

    await undo();
    expect(shownKey(window)).toEqual(added);
    expect(topics.project.arrangement).toHaveLength(2);
    await paint(window, 1, 40, INTERIOR);
    await topics.painting.allSaved();
    await window.session.load(0, window.everything);
    expect(await window.labelsInMain()).toBe(window.shown().labels);
    // What lies in view can be taken back all the same.
    await undo();
    await topics.painting.allSaved();

    await app.call('job.cancel', { job });
    await vi.waitUntil(() => !topics.jobs.busy);
    await undo();
    expect(shownKey(window)).toEqual(original);
    expect(topics.project.arrangement).toHaveLength(1);
    await window.quit();
  }, 120_000);

  it('are there once, also where the same stack is added twice before the first has opened', async () => {
    const fifth = await work.stack('fifth.tif', { width: 90, height: 60, depth: 2 }, 11);
    const sixth = await work.stack('sixth.tif', { width: 80, height: 50, depth: 2 }, 13);
    const window = await WindowOverMain.open(work, fifth);
    const { topics, app } = window;
    app.chosen.push(sixth, sixth);
    await Promise.all([addStack(topics, 'stack'), addStack(topics, 'stack')]);
    expect(topics.project.arrangement.map(({ name }) => name)).toEqual(['fifth.tif', 'sixth.tif']);
    await paint(window, 1, 30, MEMBRANE);
    await topics.painting.allSaved();
    await window.session.load(0, window.everything);
    expect(await window.labelsInMain()).toBe(window.shown().labels);
    await window.quit();
  }, 60_000);
});
