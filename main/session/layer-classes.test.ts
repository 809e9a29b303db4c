import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LayerInfo, type Arrangement, type LabelClass } from '#contract/entities';
import { LayerId, StackId } from '#contract/ids';
import { painted } from '#contract/label-byte';
import type { ProjectChange } from '#contract/project-step';
import { makeWorkplace, type RunningServices, type Workplace } from './testing/running-services';
import { open, shape, stroke } from './testing/window-steps';

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
});
afterEach(() => place.remove());

const stack = StackId.parse('stack-1');
const other = LayerId.parse('labels-other');

const step = (app: RunningServices, sequence: number, change: ProjectChange) =>
  app.call('project.apply', { step: { sequence, action: 'do', name: 'Change', change } });

/** Seven pixels of a class of the user's own in the first layer, version 1 from before that class, and a second layer in the window. */
async function twoLayers() {
  const app = await place.run();
  const { classes, arrangement } = await open(app, await place.stack('brain.tif', shape));
  await app.call('versions.save', { name: 'Before' });
  const mito: LabelClass = { id: 3, name: 'mito', colour: '#009e73', key: 3, locked: false };
  await step(app, 1, { kind: 'classes', before: classes, after: [...classes, mito] });
  await app.call('labels.append', { patch: stroke(2, 0, 0, 7, painted(3)) });
  const [first] = arrangement;
  if (!first) throw new Error('no stack');
  const look = { kind: 'classes', element: 'uint8', colour: 'by-class', hidden: false } as const;
  const second = LayerInfo.parse({ id: other, name: 'Second', ...look });
  const both: Arrangement = [{ ...first, layers: [...first.layers, second] }];
  await step(app, 3, { kind: 'layers', before: arrangement, after: both });
  await app.call('layers.choose', { key: { stack, layer: other } });
  return { app, classes, mito, both, second };
}

describe('a class', () => {
  it('is found in use in the layers that are not in the window, and in removed ones', async () => {
    const { app, both, second } = await twoLayers();
    const use = { stack: 'brain.tif', layer: 'Labels', pixels: 7, slices: 1 };
    expect(await app.call('labels.classUse', { class: 3 })).toEqual([{ ...use, where: 'other' }]);
    const after = both.map((one) => ({ ...one, layers: [second] }));
    await step(app, 4, { kind: 'layers', before: both, after });
    expect(await app.call('labels.classUse', { class: 3 })).toEqual([{ ...use, where: 'removed' }]);
    expect(await app.call('labels.classUse', { class: 4 })).toEqual([]);
  });

  it('stays when a layer that has none of it goes back to a version without it', async () => {
    const { app, classes, mito } = await twoLayers();
    await app.call('versions.save', { name: 'Later' });
    const renamed = { ...mito, name: 'mitochondria', key: 2 };
    await step(app, 4, {
      kind: 'classes',
      before: [...classes, mito],
      after: [...classes, renamed],
    });
    const [later] = await app.call('versions.list', null);
    const restored = await app.call('versions.restore', { version: later?.number ?? 0 });
    expect(restored.classes).toEqual([...classes, { ...renamed, key: null }]);
    await app.call('layers.choose', { key: { stack, layer: LayerId.parse('membranes') } });
    // Of the layer that the class is on itself the version says all.
    expect((await app.call('versions.restore', { version: 1 })).classes).toEqual(classes);
  });
});
