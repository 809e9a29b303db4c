import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sealJson, unsealJson } from '../storage/checksum';
import { encodeProjectFile, migrate, parseProjectFile } from './project-file';
import { openProject } from './project-store';
import { newProject, quickStorage, temporaryFolder } from './testing/sample-project';

/** project.json as each format that was ever written has it. */
const goldenOf = (format: number): string =>
  join(import.meta.dirname, 'testing', `project-format-${String(format)}.json`);
const golden = goldenOf(4);

let folder = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterEach(() => remove());

describe('project.json', () => {
  it('of this format is read and written as it was', async () => {
    const bytes = await readFile(golden);
    const { content, age } = parseProjectFile(bytes);
    expect(age).toBe('same');
    expect(content).toMatchObject({
      name: 'Golden',
      model: 'bundled-vnc',
      stacks: [
        {
          id: 'stack-1',
          voxelSize: { x: 3.7, source: 'user' },
          listed: true,
          layers: [{ id: 'membranes', kind: 'classes', element: 'uint8', hidden: false }],
          removedLayers: [],
          hiddenPredictions: [{ model: 'bundled-vnc', slices: [0, 1] }],
        },
      ],
      stepSequence: 17,
    });
    expect(parseProjectFile(encodeProjectFile(content)).content).toEqual(content);
  });

  it('of format 1 has no steps yet, and is of this format from the first opening on', async () => {
    const { content, age } = parseProjectFile(await readFile(goldenOf(1)));
    expect(age).toBe('older');
    const { stacks, classes, ...rest } = parseProjectFile(await readFile(golden)).content;
    expect(content).toEqual({
      ...rest,
      classes: classes.map((each) => ({ ...each, locked: false })),
      stacks: stacks.map((stack) => ({ ...stack, hiddenPredictions: [] })),
      stepSequence: 0,
    });

    const path = join(folder, 'project.json');
    await (await newProject(folder)).close();
    await writeFile(path, await readFile(goldenOf(1)));
    const reader = await openProject(folder, { readOnlyIfLocked: false }, quickStorage);
    // Before anything is journalled that a reader of format 1 would take for damage.
    expect(unsealJson(await readFile(path, 'utf8'))).toMatchObject({
      format: 4,
      minimumReader: 4,
      name: 'Golden',
    });
    await reader.close();
  });

  it.each([2, 3])('of format %i has one stack with one layer, and is else the same', async (of) => {
    const { content, age } = parseProjectFile(await readFile(goldenOf(of)));
    expect(age).toBe('older');
    const { content: now } = parseProjectFile(await readFile(golden));
    expect({ ...content, checksum: null }).toEqual({ ...now, checksum: null });
    expect(now).toMatchObject({
      minimumReader: 4,
      shown: { stack: 'stack-1', layer: 'membranes' },
    });
  });

  it('is migrated step by step by pure functions', () => {
    const steps = {
      1: (content: Record<string, unknown>) => ({ ...content, added: true }),
      2: ({ added, ...rest }: Record<string, unknown>) => ({ ...rest, renamed: added }),
    };
    const start = { format: 1, kept: 'x' };
    expect(migrate(start, 1, 3, steps)).toEqual({ format: 3, kept: 'x', renamed: true });
    expect(start).toEqual({ format: 1, kept: 'x' });
    expect(() => migrate(start, 1, 4, steps)).toThrow(/format 3 is unknown/);
  });

  it('with any byte flipped is refused or means the same', async () => {
    const bytes = await readFile(golden);
    const whole = JSON.stringify(parseProjectFile(bytes).content);
    let refused = 0;
    for (let at = 0; at < bytes.length; at += 1)
      for (const bit of [0x01, 0x20, 0x80]) {
        const flipped = Uint8Array.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ bit;
        try {
          expect(JSON.stringify(parseProjectFile(flipped).content)).toBe(whole);
        } catch (error) {
          expect(error).toMatchObject({ code: 'project.corrupt' });
          refused += 1;
        }
      }
    expect(refused).toBeGreaterThan(bytes.length);
  });

  it('that is damaged opens from its backup', async () => {
    const path = join(folder, 'project.json');
    const project = await newProject(folder);
    await project.setVoxelSize({ x: 7, y: 7, z: 70, source: 'user' });
    await project.close();
    const good = await readFile(path);
    await writeFile(path, good.subarray(0, 100));
    const again = await openProject(folder, { readOnlyIfLocked: false }, quickStorage);
    expect(again.stack.info.voxelSize.x).toBe(7);
    expect(Buffer.compare(await readFile(path), good)).toBe(0);
    await again.close();
  });

  it('keeps fields of a version that it does not know', async () => {
    const path = join(folder, 'project.json');
    await (await newProject(folder)).close();
    const content = unsealJson(await readFile(path, 'utf8')) ?? {};
    await writeFile(path, sealJson({ ...content, skeletons: [1, 2] }));
    const project = await openProject(folder, { readOnlyIfLocked: false }, quickStorage);
    project.setView({ ...project.view, z: 1 });
    await project.close();
    expect(unsealJson(await readFile(path, 'utf8'))).toMatchObject({
      skeletons: [1, 2],
      view: { z: 1 },
    });
  });

  it('of a newer version opens read-only where that may be, else says so', async () => {
    const path = join(folder, 'project.json');
    await (await newProject(folder)).close();
    const content = unsealJson(await readFile(path, 'utf8')) ?? {};
    await writeFile(path, sealJson({ ...content, format: 5, minimumReader: 1 }));
    const project = await openProject(folder, { readOnlyIfLocked: true }, quickStorage);
    expect(project.access).toMatchObject({ kind: 'read-only' });
    await expect(project.setCurrentModel(null)).rejects.toMatchObject({
      code: 'project.read-only',
    });
    await project.close();
    await writeFile(path, sealJson({ ...content, format: 5, minimumReader: 5 }));
    await expect(
      openProject(folder, { readOnlyIfLocked: true }, quickStorage),
    ).rejects.toMatchObject({
      code: 'project.newer-version',
    });
  });

  it('names nothing outside the project folder', async () => {
    const content = unsealJson(await readFile(golden, 'utf8')) ?? {};
    const stack = parseProjectFile(await readFile(golden)).content.stacks[0];
    for (const name of ['../up', '/etc', 'a/b', '..', 'C:\\x', '\\\\host\\share', '']) {
      const layers = stack?.layers.map((one) => ({ ...one, id: name }));
      const layer = sealJson({ ...content, stacks: [{ ...stack, layers }] });
      expect(() => parseProjectFile(Buffer.from(layer))).toThrow(/damaged/);
      const id = sealJson({ ...content, stacks: [{ ...stack, id: name }] });
      expect(() => parseProjectFile(Buffer.from(id))).toThrow(/damaged/);
    }
    const evil = sealJson(content).replace('"name"', '"__proto__"');
    expect(unsealJson(evil)).toBeNull();
  });

  it('is no project without it', async () => {
    await expect(
      openProject(folder, { readOnlyIfLocked: true }, quickStorage),
    ).rejects.toMatchObject({
      code: 'project.not-a-project',
    });
  });
});
