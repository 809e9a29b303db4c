import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportChoice, LabelMapping } from '#contract/entities';
import { confirmed, INTERIOR, MEMBRANE, painted } from '#contract/label-byte';
import { encodePatch } from '#contract/label-patch-codec';
import type { Project } from '../project/project';
import {
  newProject,
  randomPatch,
  seeded,
  shape,
  temporaryFolder,
} from '../project/testing/sample-project';
import { createTiffWriter } from '../stacks/tiff/tiff-writer';
import { importedPatches } from './import-labels';
import { inspectLabelFile } from './label-file';

const { width, height, depth } = shape;
const { signal } = new AbortController();
let folder = '';
let remove: () => Promise<void>;
let project: Project;
beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
  project = await newProject(join(folder, 'Import.emproj'));
});
afterEach(async () => {
  await project.close();
  await remove();
});

async function file(
  value: (x: number, y: number, z: number) => number,
  size: { width: number; height: number; depth: number } = shape,
): Promise<string> {
  const path = join(folder, 'labels.tif');
  const writer = await createTiffWriter(path, { ...size, type: 'uint16' });
  for (let z = 0; z < size.depth; z += 1)
    await writer.append(
      Uint16Array.from({ length: size.width * size.height }, (_, i) =>
        value(i % size.width, Math.floor(i / size.width), z),
      ),
    );
  await writer.finish();
  return path;
}

const mask: LabelMapping = {
  kind: 'values',
  classes: [
    { value: 255, class: MEMBRANE },
    { value: 0, class: INTERIOR },
  ],
  rest: null,
};
const choice: ImportChoice = { mapping: mask, as: 'painted', existing: 'keep', first: 0 };
const stripes = (x: number, y: number, z: number): number => ((x + y + z) % 10 === 0 ? 255 : 0);

async function take(path: string, change: Partial<ImportChoice> = {}): Promise<number[]> {
  const { labels, classes, stack } = project;
  const place = { name: stack.name, info: stack.info, labels, classes };
  const slices: number[] = [];
  for await (const patch of importedPatches(path, place, { ...choice, ...change }, signal)) {
    await labels.append(encodePatch(patch));
    slices.push(patch.z);
  }
  await labels.settled();
  return slices;
}

const inspect = (path: string) => inspectLabelFile(path, project.stack, project.classes, signal);

describe('labels of another program', () => {
  it('come in as painted or confirmed labels of the classes that their values mean', async () => {
    const path = await file(stripes);
    expect((await inspect(path)).suggestion).toEqual({
      kind: 'values',
      classes: [
        { value: 0, class: INTERIOR },
        { value: 255, class: MEMBRANE },
      ],
      rest: null,
    });
    expect(await take(path)).toEqual([0, 1]);
    for (let z = 0; z < depth; z += 1) {
      const expected = Uint8Array.from({ length: width * height }, (_, i) =>
        painted(stripes(i % width, Math.floor(i / width), z) === 255 ? MEMBRANE : INTERIOR),
      );
      expect(Buffer.compare(await project.labels.slice(z), expected)).toBe(0);
    }
    expect(await take(path)).toEqual([]);
    expect(await take(path, { as: 'confirmed', existing: 'replace' })).toEqual([0, 1]);
    expect((await project.labels.slice(1))[9]).toBe(confirmed(MEMBRANE));
  });

  it('leave what somebody painted alone, and take its place where that is asked for', async () => {
    await project.labels.append(encodePatch({ ...randomPatch(seeded(3), 1), z: 0 }));
    await project.labels.settled();
    const before = await project.labels.slice(0);
    const path = await file(() => 7, { width, height, depth: 1 });
    const mapping: LabelMapping = { kind: 'values', classes: [], rest: INTERIOR };
    expect(await take(path, { mapping })).toEqual([0]);
    const kept = before.map((label) => (label === 0 ? INTERIOR : label));
    expect(Buffer.compare(await project.labels.slice(0), kept)).toBe(0);
    await take(path, { mapping, existing: 'replace' });
    expect((await project.labels.slice(0)).every((label) => label === INTERIOR)).toBe(true);
  });

  it('are one step: their patches share a group', async () => {
    const { labels, classes, stack } = project;
    const groups = [];
    const place = { name: stack.name, info: stack.info, labels, classes };
    for await (const patch of importedPatches(await file(stripes), place, choice, signal))
      groups.push([patch.sequence, patch.group, patch.name]);
    expect(groups).toEqual([
      [1, 1, 'Import labels'],
      [2, 1, 'Import labels'],
    ]);
  });

  it('that are numbered cells have membranes where two meet, as wide as is asked for', async () => {
    // Cells of 30 × 30 pixels, of which one is not there; 0 separates nothing.
    const cell = (x: number, y: number): number =>
      x < 30 && y < 30 ? 0 : 1 + Math.floor(x / 30) + 100 * Math.floor(y / 30);
    const path = await file(cell);
    const { suggestion, distinct, values } = await inspect(path);
    expect(suggestion).toEqual({ kind: 'boundaries', width: 1, zero: 'leave' });
    expect(distinct).toBe(24 * 18);
    expect(values).toHaveLength(20);
    for (const [line, from, to] of [
      [1, 59, 59],
      [2, 59, 60],
      [3, 58, 60],
    ] as const) {
      const mapping: LabelMapping = { kind: 'boundaries', width: line, zero: 'leave' };
      await take(path, { mapping, existing: 'replace' });
      const row = (await project.labels.slice(1)).subarray(45 * width, 46 * width);
      const wall = [...row.subarray(50, 70)].flatMap((label, i) =>
        label === MEMBRANE ? [50 + i] : [],
      );
      expect(wall).toEqual(Array.from({ length: to - from + 1 }, (_, i) => from + i));
      expect((await project.labels.slice(1))[15 * width + 15]).toBe(0);
    }
  });

  it('are refused in words where they don’t fit, or mean what nobody said', async () => {
    await expect(
      inspect(await file(stripes, { width: height, height: width, depth })),
    ).rejects.toMatchObject({
      code: 'stack.shape-mismatch',
      message:
        'labels.tif has slices of 530 × 700 pixels, but those of stack.tif have 700 × 530 pixels.',
      hint: expect.stringContaining('swapped') as string,
    });
    await expect(inspect(await file(stripes, { width, height, depth: 3 }))).rejects.toMatchObject({
      message: 'labels.tif has 3 slices, but stack.tif has 2.',
    });
    const one = await file(stripes, { width, height, depth: 1 });
    expect(await take(one, { first: 1 })).toEqual([1]);
    await expect(take(one, { first: 2 })).rejects.toMatchObject({ code: 'stack.shape-mismatch' });
    const strange = await file((x) => (x === 4 ? 9 : x === 6 ? 8 : 0));
    await expect(take(strange)).rejects.toMatchObject({
      code: 'labels.unmapped',
      message: 'Nothing says what the values 9, 8 of the labels mean.',
    });
  });

  it('that are our own numbers are taken as they are, and a mask nobody can tell is asked about', async () => {
    const own = await file((x) => x % 3);
    expect((await inspect(own)).suggestion).toEqual({
      kind: 'values',
      classes: [
        { value: 0, class: 'leave' },
        { value: 1, class: 1 },
        { value: 2, class: 2 },
      ],
      rest: null,
    });
    expect((await inspect(await file((x) => x % 2))).suggestion).toBeNull();
  });
});
