import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelId } from '#contract/ids';
import { encodePatch } from '#contract/label-patch-codec';
import type { Project } from '../project/project';
import {
  NaiveLabels,
  newProject,
  randomPatch,
  seeded,
  shape,
  temporaryFolder,
} from '../project/testing/sample-project';
import { openStack } from '../stacks/open-stack';
import { exportSlices, type ExportedImage, type ExportOptions } from './label-export';

const model = ModelId.parse('model-1');
const { width, height, depth } = shape;

let folder = '';
let remove: () => Promise<void>;
let project: Project;
beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
  project = await newProject(join(folder, 'Export.emproj'));
});
afterEach(async () => {
  await project.close();
  await remove();
});

function options(what: ExportedImage): ExportOptions {
  const { labels, predictions, stack } = project;
  const path = join(folder, `${what}.tif`);
  const { voxelSize } = stack.info;
  return { what, path, shape, voxelSize, labels, predictions, model, threshold: 0.5 };
}

async function pages(what: ExportedImage): Promise<Uint8Array[]> {
  const { signal } = new AbortController();
  const source = await openStack(join(folder, `${what}.tif`), { signal });
  const whole = { x: 0, y: 0, width, height };
  const images: Uint8Array[] = [];
  expect(source.info.voxelSize).toMatchObject({ x: 4, y: 4, z: 50 });
  for (let z = 0; z < source.info.depth; z += 1) {
    const { data } = await source.readRegion(z, whole, 0, signal);
    images.push(Uint8Array.from(data, Number));
  }
  await source.close();
  return images;
}

describe('exported labels', () => {
  it('are the mask, the classes, the review state and the probability, slice by slice', async () => {
    const naive = new NaiveLabels();
    for (let sequence = 1; sequence <= 6; sequence += 1) {
      const patch = randomPatch(seeded(sequence), sequence);
      naive.apply(patch);
      await project.labels.append(encodePatch(patch));
    }
    const map = Uint8Array.from({ length: width * height }, (_, i) => i % 256);
    await project.predictions.write(model, 0, map);
    const expected: Record<ExportedImage, (label: number, probability: number) => number> = {
      mask: (label, probability) =>
        (label & 127 ? (label & 127) === 2 : probability >= 127.5) ? 255 : 0,
      classes: (label) => label & 127,
      review: (label) => ((label & 127) === 0 ? 0 : label >= 128 ? 2 : 1),
      probability: (_, probability) => probability,
    };
    for (const what of ['mask', 'classes', 'review', 'probability'] as const) {
      const progress: number[] = [];
      await exportSlices({ ...options(what), onProgress: (done) => progress.push(done) });
      const images = await pages(what);
      expect(images).toHaveLength(depth);
      for (let z = 0; z < depth; z += 1) {
        const wanted = naive
          .slice(z)
          .map((label, i) => expected[what](label, z === 0 ? (map[i] ?? 0) : 0));
        expect(Buffer.compare(images[z] ?? new Uint8Array(), wanted)).toBe(0);
      }
      expect(progress).toEqual([1, 2]);
    }
  });

  it('that were cancelled leave no file behind', async () => {
    await project.labels.append(encodePatch(randomPatch(seeded(8), 1)));
    const abort = new AbortController();
    const onProgress = (): void => {
      abort.abort();
    };
    await expect(
      exportSlices({ ...options('mask'), signal: abort.signal, onProgress }),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(folder)).toEqual(['Export.emproj']);
  });

  it('need something to export', async () => {
    await expect(exportSlices(options('mask'))).rejects.toMatchObject({ code: 'labels.none' });
  });
});
