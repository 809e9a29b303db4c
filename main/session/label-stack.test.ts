import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';
import { makeWorkplace, type RunningServices, type Workplace } from './testing/running-services';
import { code, shape } from './testing/window-steps';

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
});
afterEach(() => place.remove());

describe('a label stack', () => {
  const labelled = async (name: string, depth: number, value: (i: number) => number) => {
    const path = join(place.folder, name);
    const voxelSize = { x: 4, y: 4, z: 50, source: 'file' as const };
    const writer = await createTiffWriter(path, {
      width: 70,
      height: 40,
      type: 'uint8',
      voxelSize,
    });
    for (let z = 0; z < depth; z += 1)
      await writer.append(Uint8Array.from({ length: 2800 }, (_, i) => value(i)));
    await writer.finish();
    return path;
  };
  const inspect = async (app: RunningServices, image: string, labels: string) => {
    await app.services.offer([image], 'drop');
    const [grant] = app.heard('files.offered').at(-1)?.grants ?? [];
    app.chosen.push(labels);
    const chosen = await app.call('dialog.open', { kind: 'labels' });
    if (!grant || !chosen) throw new Error('no grants');
    return app.call('train.inspectLabels', { image: grant.id, labels: chosen.id });
  };

  it('is told by its values, with the membrane and the split suggested', async () => {
    const app = await place.run();
    const image = await place.stack('brain.tif', { ...shape, depth: 6 });
    const labels = await labelled('labels.tif', 6, (i) => (i % 5 === 0 ? 0 : 255));
    expect(await inspect(app, image, labels)).toEqual({
      width: 70,
      height: 40,
      notes: [],
      depth: 6,
      values: [
        { value: 255, fraction: 0.8, colour: null },
        { value: 0, fraction: 0.2, colour: null },
      ],
      suggestedMembrane: 0,
      suggestedTrain: [0, 1, 2, 3, 4],
      suggestedValidate: [5],
    });
  });

  it('of another size, or of one value, is refused by name', async () => {
    const app = await place.run();
    const image = await place.stack('brain.tif', shape);
    await expect(inspect(app, image, await labelled('more.tif', 4, (i) => i & 1))).rejects.toEqual(
      expect.objectContaining({
        code: 'stack.shape-mismatch',
        message: 'more.tif is 70 × 40 × 4, but brain.tif is 70 × 40 × 3.',
      }),
    );
    await expect(inspect(app, image, await labelled('one.tif', 3, () => 255))).rejects.toEqual(
      code('labels.one-class'),
    );
  });
});
