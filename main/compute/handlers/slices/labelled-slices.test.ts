import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sourceReference } from '#main/stacks/open-stack';
import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';
import { readLabelledStacks } from './labelled-slices';

const side = 16;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labelled-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Two slices of floats, stripes of 0 and 1; the second has the given value at its third pixel. */
async function stripes(name: string, value: number): Promise<string> {
  const path = join(folder, name);
  const writer = await createTiffWriter(path, { width: side, height: side, type: 'float32' });
  for (const odd of [undefined, value]) {
    const pixels = Float32Array.from({ length: side * side }, (_, i) => (i % 4 < 2 ? 1 : 0));
    if (odd !== undefined) pixels[2] = odd;
    await writer.append(pixels);
  }
  await writer.finish();
  return path;
}

const reading = async (image: string, labels: string, slices: number[]) =>
  readLabelledStacks(
    {
      image: await sourceReference(image),
      labels: await sourceReference(labels),
      membrane: 1,
      void: null,
      train: slices,
      validate: [],
    },
    { group: 'labels', weight: 1, signal: new AbortController().signal },
  );

it('refuses a slice to learn from whose labels hold no number, and names it', async () => {
  const good = await stripes('good.tif', 0);
  const bad = await stripes('bad.tif', Number.NaN);
  const endless = await stripes('endless.tif', Infinity);
  for (const labels of [bad, endless]) {
    await expect(reading(good, labels, [0, 1])).rejects.toMatchObject({
      code: 'training.bad-input',
      data: { stack: 'labels', slice: 1, pixels: 1 },
    });
  }
});

it('does not learn from image pixels that hold no number', async () => {
  const good = await stripes('good.tif', 0);
  const bad = await stripes('bad.tif', Number.NaN);
  const { train } = await reading(bad, good, [0, 1]);
  expect(train[0]?.weight.every((weight) => weight === 1)).toBe(true);
  const second = train[1];
  expect(second?.weight[2]).toBe(0);
  expect(second?.weight.filter((weight) => weight === 0)).toHaveLength(1);
  expect(second?.image.every(Number.isFinite)).toBe(true);
});
