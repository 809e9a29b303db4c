import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noConditioning } from '#contract/entities';
import type { MembranaError } from '#contract/errors';
import { ModelId } from '#contract/ids';
import { sizeAtLevel } from '#contract/tiles';
import { openProject } from '../project-store';
import {
  newProject,
  quickStorage,
  seeded,
  shape,
  temporaryFolder,
} from '../testing/sample-project';

const model = ModelId.parse('model-1');
const { width, height } = shape;

let folder = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterEach(() => remove());

function noise(seed: number): Uint8Array {
  const random = seeded(seed);
  return Uint8Array.from({ length: width * height }, () => Math.floor(random() * 256));
}

describe('predictions', () => {
  it('come back as they were, also after reopening', async () => {
    let project = await newProject(folder);
    const map = noise(1);
    await project.predictions.write(model, 1, noise(2));
    const smoothed = { ...noConditioning, flatField: 64, smoothing: 1.5 };
    await project.predictions.write(model, 1, map, smoothed);
    await project.close();
    project = await openProject(folder, { readOnlyIfLocked: false }, quickStorage);
    expect(project.predictions.list()).toEqual([{ model, z: 1 }]);
    expect(await project.predictions.conditioning(model, 1)).toEqual(smoothed);
    expect(await project.predictions.conditioning(model, 0)).toBeNull();
    const slice = await project.predictions.slice(model, 1);
    expect(Buffer.compare(slice ?? new Uint8Array(), map)).toBe(0);
    const tile = (await project.predictions.tile(model, 1, 0, 1, 1)) ?? new Uint8Array();
    expect(tile).toHaveLength(512 * 512);
    expect(tile[3 * 512 + 100]).toBe(map[(512 + 3) * width + 512 + 100]);
    expect(tile[3 * 512 + 300]).toBe(0);
    expect(await project.predictions.tile(model, 1, 0, 2, 0)).toBeNull();
    expect(await project.predictions.tile(model, 0, 0, 0, 0)).toBeNull();
    await expect(project.predictions.write(model, 0, map.subarray(1))).rejects.toMatchObject({
      code: 'stack.shape-mismatch',
    });
    await project.close();
  });

  it('are halved by the mean of four pixels for each level', async () => {
    const project = await newProject(folder);
    const map = noise(3);
    await project.predictions.write(model, 0, map);
    const tile = (await project.predictions.tile(model, 0, 1, 0, 0)) ?? new Uint8Array();
    for (const [x, y] of [
      [0, 0],
      [17, 200],
      [349, 264],
    ] as const) {
      const at = (dx: number, dy: number): number =>
        map[Math.min(2 * y + dy, height - 1) * width + Math.min(2 * x + dx, width - 1)] ?? 0;
      const mean = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4;
      expect(Math.abs((tile[y * 512 + x] ?? 0) - mean)).toBeLessThanOrEqual(0.5);
    }
    expect(tile[sizeAtLevel(width, 1)]).toBe(0);
    await project.close();
  });

  it('that are damaged count as absent, with a warning, wherever the damage is', async () => {
    const warnings: MembranaError[] = [];
    const onWarning = (error: MembranaError): void => void warnings.push(error);
    let project = await newProject(folder);
    await project.predictions.write(model, 0, noise(4));
    const path = project.predictions.path(model, 0);
    await project.close();
    const good = await readFile(path);
    for (const at of [0, 5, 9, 40, good.length >> 1, good.length - 1, -1]) {
      const bytes = Uint8Array.from(good);
      if (at >= 0) bytes[at] = (bytes[at] ?? 0) ^ 16;
      await writeFile(path, at < 0 ? good.subarray(0, good.length - 100) : bytes);
      project = await openProject(
        folder,
        { readOnlyIfLocked: false },
        { ...quickStorage, onWarning },
      );
      const { problems } = await project.verify();
      expect(problems.map(({ file }) => file)).toEqual(['predictions/stack-1/model-1/z000000.map']);
      warnings.length = 0;
      const slice = await project.predictions.slice(model, 0);
      const half = await project.predictions.tile(model, 0, 1, 0, 0);
      expect(slice === null || half === null).toBe(true);
      expect(project.predictions.list()).toEqual([]);
      expect(warnings).toHaveLength(1);
      await project.close();
    }
  });

  it('keep the map of each further class beside that of membrane', async () => {
    let project = await newProject(folder);
    const maps = [noise(1), noise(2), noise(3)] as const;
    const classes = [
      { id: 3, probability: maps[1] },
      { id: 12, probability: maps[2] },
    ];
    await project.predictions.write(model, 1, maps[0], noConditioning, classes);
    await project.predictions.write(model, 0, maps[0]);
    await project.close();
    project = await openProject(folder, { readOnlyIfLocked: false }, quickStorage);
    const { predictions } = project;
    expect(predictions.list()).toEqual([
      { model, z: 0 },
      { model, z: 1 },
    ]);
    const same = async (id: number | null, map: Uint8Array): Promise<void> => {
      const slice = await predictions.slice(model, 1, id);
      expect(Buffer.compare(slice ?? new Uint8Array(), map)).toBe(0);
    };
    await same(null, maps[0]);
    await same(3, maps[1]);
    await same(12, maps[2]);
    const tile = await predictions.tile(model, 1, 0, 0, 0, 12);
    expect(tile?.[5]).toBe(maps[2][5]);
    expect(await predictions.slice(model, 0, 3)).toBeNull();
    expect(await predictions.slice(model, 1, 4)).toBeNull();
    expect([predictions.hasClass(model, 1, 3), predictions.hasClass(model, 0, 3)]).toEqual([
      true,
      false,
    ]);
    expect((await project.verify()).problems).toEqual([]);
    await project.close();
  });

  it('that are damaged cost their own class alone, and so do those of another', async () => {
    const warnings: MembranaError[] = [];
    const onWarning = (error: MembranaError): void => {
      warnings.push(error);
    };
    let project = await newProject(folder);
    const classes = [3, 4].map((id) => ({ id, probability: noise(id) }));
    await project.predictions.write(model, 1, noise(1), noConditioning, classes);
    const paths = [null, 3, 4].map((id) => project.predictions.path(model, 1, id));
    await project.close();
    const [membrane = '', third = '', fourth = ''] = paths;
    const good = await readFile(third);
    const flipped = Uint8Array.from(good, (byte, i) => (i === good.length >> 2 ? byte ^ 16 : byte));
    for (const bytes of [
      flipped,
      good.subarray(0, 30),
      await readFile(fourth),
      await readFile(membrane),
    ]) {
      await writeFile(third, bytes);
      project = await openProject(
        folder,
        { readOnlyIfLocked: false },
        { ...quickStorage, onWarning },
      );
      warnings.length = 0;
      expect(await project.predictions.slice(model, 1, 3)).toBeNull();
      expect(project.predictions.hasClass(model, 1, 3)).toBe(false);
      expect(warnings.map(({ code, data }) => [code, data['class']])).toEqual([
        ['file.unreadable', 3],
      ]);
      expect(await project.predictions.slice(model, 1, 4)).not.toBeNull();
      expect(await project.predictions.slice(model, 1)).not.toBeNull();
      expect(project.predictions.list()).toEqual([{ model, z: 1 }]);
      await project.close();
    }
  });
});
