import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noConditioning, type ExportedImage } from '#contract/entities';
import { ModelId } from '#contract/ids';
import { encodePatch } from '#contract/label-patch-codec';
import { TILE_SIZE, tileCount, tileRect } from '#contract/tiles';
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
import { gapsOf } from './export-gaps';
import { exportSlices, type ExportOptions } from './label-export';

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

function options(what: ExportedImage, slices: readonly number[] = [0, 1]): ExportOptions {
  const { labels, predictions, lines, stack, classes } = project;
  const path = join(folder, `${what}.tif`);
  const { voxelSize } = stack.info;
  const from = { labels, predictions, lines, model, mask: { pixel: 0.5, cells: 0.5 } };
  return { what, path, shape, slices, classes, voxelSize, ...from };
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
    for (let z = 0; z < depth; z += 1) await project.predictions.write(model, z, map);
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
        const wanted = naive.slice(z).map((label, i) => expected[what](label, map[i] ?? 0));
        expect(Buffer.compare(images[z] ?? new Uint8Array(), wanted)).toBe(0);
      }
      expect(progress).toEqual([1, 2]);
    }
  });

  it('that were cancelled leave no file behind', async () => {
    await project.labels.append(encodePatch(randomPatch(seeded(8), 1)));
    const map = new Uint8Array(width * height);
    for (let z = 0; z < depth; z += 1) await project.predictions.write(model, z, map);
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
    for (const what of ['classes', 'review'] as const)
      await expect(exportSlices(options(what))).rejects.toMatchObject({ code: 'labels.none' });
    await expect(exportSlices(options('mask', []))).rejects.toMatchObject({ code: 'labels.none' });
  });

  it('are never zeros where nobody looked and nothing was predicted, nor where the map is damaged', async () => {
    await project.labels.append(encodePatch(randomPatch(seeded(8), 1)));
    const map = new Uint8Array(width * height).fill(200);
    for (let z = 0; z < depth; z += 1) await project.predictions.write(model, z, map);
    await writeFile(project.predictions.path(model, 1), 'rubbish');
    for (const what of ['mask', 'probability'] as const) {
      await expect(exportSlices(options(what))).rejects.toMatchObject({
        code: 'labels.incomplete',
        message: 'Slice ⟨1⟩ is not segmented, so it has no values to export.',
        data: { missing: 1, of: 2 },
      });
      await exportSlices(options(what, [0]));
      expect(await pages(what)).toHaveLength(1);
    }
    expect((await readdir(folder)).sort()).toEqual([
      'Export.emproj',
      'mask.tif',
      'probability.tif',
    ]);
  });

  it('of a slice that is labelled all over need no prediction', async () => {
    const side = { tx: tileCount(width), ty: tileCount(height) };
    const all = { kind: 'uniform', value: 2 } as const;
    const tiles = Array.from({ length: side.tx * side.ty }, (_, i) => {
      const [tx, ty] = [i % side.tx, Math.floor(i / side.tx)];
      const { width: columns, height: rows } = tileRect({ tx, ty }, width, height);
      const runs = Array.from({ length: rows }, (_, row) => [row * TILE_SIZE, columns]).flat();
      const before = { kind: 'uniform', value: 0 } as const;
      return { tx, ty, runs: Uint32Array.from(runs), before, after: all };
    });
    await project.labels.append(encodePatch({ ...randomPatch(seeded(1), 1), z: 1, tiles }));
    await project.labels.settled();
    const { labels, predictions } = project;
    const from = { labels, predictions, model, pixels: width * height };
    expect(gapsOf('mask', [0, 1], from)).toEqual([0]);
    expect(gapsOf('probability', [0, 1], from)).toEqual([0, 1]);
    expect(gapsOf('classes', [0, 1], from)).toEqual([]);
    await exportSlices(options('mask', [1]));
    expect((await pages('mask'))[0]?.every((value) => value === 255)).toBe(true);
  });

  it('say in the file which slices they are and what their values mean', async () => {
    await project.labels.append(encodePatch(randomPatch(seeded(8), 1)));
    await exportSlices(options('classes', [1]));
    const text = (await readFile(join(folder, 'classes.tif'))).toString('latin1');
    expect(text).toContain('membrana_slices=1\n');
    expect(text).toContain(
      'membrana_values=0: nobody has looked; 1: interior; 2: membrane; 127: void\n',
    );
  });

  it('are the mask and the probability of a further class: painted pixels as painted, confirmed ones of the class, and the map wherever nobody painted', async () => {
    for (let sequence = 1; sequence <= 4; sequence += 1) {
      const patch = { ...randomPatch(seeded(sequence), sequence), z: 0 };
      await project.labels.append(encodePatch(patch));
    }
    await project.labels.settled();
    const map = Uint8Array.from({ length: width * height }, (_, i) => (i * 37) % 256);
    const membrane = new Uint8Array(width * height);
    await project.predictions.write(model, 0, membrane, noConditioning, [
      { id: 5, probability: map },
    ]);
    const labels = await project.labels.slice(0);
    const label = labels.find((value) => value !== 0 && value < 128) ?? 0;
    expect(label).toBeGreaterThan(0);
    const mitochondria = { id: 5, name: 'mitochondria', label, threshold: 0.5 };
    await exportSlices({ ...options('probability', [0]), ownClass: mitochondria });
    expect((await pages('probability'))[0]).toEqual(map);
    await exportSlices({ ...options('mask', [0]), ownClass: mitochondria });
    const [mask] = await pages('mask');
    const expected = labels.map((value, i) => {
      const painted = value !== 0 && value < 128;
      return value % 128 === label || (!painted && (map[i] ?? 0) >= 127.5) ? 255 : 0;
    });
    expect(mask).toEqual(expected);
    const from = { labels: project.labels, predictions: project.predictions, model };
    const gaps = { ...from, pixels: width * height, ownClass: 5 };
    expect(gapsOf('mask', [0, 1], gaps)).toEqual([1]);
    await expect(
      exportSlices({ ...options('mask', [0]), ownClass: { ...mitochondria, id: 6 } }),
    ).rejects.toMatchObject({ code: 'labels.incomplete' });
  });
});
