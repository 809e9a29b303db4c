import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confirmed, painted, UNTOUCHED } from '#contract/label-byte';
import { invertPatch, type LabelPatch, type PatchValues } from '#contract/label-patch';
import { encodePatch } from '#contract/label-patch-codec';
import { decodeEdit } from '#volume/voxel-edit-codec';
import { handPixels } from './hand-pixels';
import type { Project } from '../project';
import { openProject } from '../project-store';
import {
  newProject,
  quickStorage,
  randomPatch,
  seeded,
  temporaryFolder,
} from '../testing/sample-project';

let root: Awaited<ReturnType<typeof temporaryFolder>>;
let folder: string;
let project: Project;
beforeEach(async () => {
  root = await temporaryFolder();
  folder = join(root.folder, 'A.emproj');
  project = await newProject(folder);
});
afterEach(async () => {
  await project.close();
  await root.remove();
});

const uniform = (value: number): PatchValues => ({ kind: 'uniform', value });

function patch(sequence: number, pixels: number, before: number, after: number): LabelPatch {
  return {
    stack: project.stack.id,
    layer: project.layer,
    element: 'uint8',
    ...{ z: 0, sequence, action: 'do', name: 'Brush' },
    tiles: [
      {
        ...{ tx: 0, ty: 0, runs: Uint32Array.of(5, pixels) },
        ...{ before: uniform(before), after: uniform(after) },
      },
    ],
  };
}

async function reopened(): Promise<Project> {
  return openProject(folder, { readOnlyIfLocked: false }, quickStorage);
}

describe('the effort in a project', () => {
  it('counts strokes and pixels, tells what was taken back, and confirming as neither', async () => {
    const stroke = patch(1, 30, UNTOUCHED, painted(2));
    const undone = invertPatch(stroke, 'undo', 2);
    const steps = [
      stroke,
      undone,
      invertPatch(undone, 'redo', 3),
      patch(4, 12, painted(2), UNTOUCHED),
      patch(5, 100, UNTOUCHED, confirmed(1)),
      { ...patch(6, 7, UNTOUCHED, painted(1)), group: 6 },
      { ...patch(7, 8, UNTOUCHED, painted(1)), group: 6, z: 1 },
    ];
    for (const step of steps) await project.labels.append(encodePatch(step));
    await project.labels.settled();
    expect(project.efforts.effort).toMatchObject({ strokes: 3, takenBack: 0, pixels: 57 });
    await project.labels.append(encodePatch(invertPatch(stroke, 'undo', 8)));
    await project.labels.settled();
    expect(project.efforts.effort).toMatchObject({ strokes: 3, takenBack: 1, pixels: 57 });
  });

  it('is there again after closing', async () => {
    await project.labels.append(encodePatch(patch(1, 30, UNTOUCHED, painted(2))));
    project.efforts.active(41.5);
    await project.close();
    const { effort } = project.efforts;
    project = await reopened();
    expect(project.efforts.effort).toEqual(effort);
    expect(effort).toMatchObject({ activeSeconds: 41.5, strokes: 1, pixels: 30 });
  });

  it('counts from the journal what a kill left uncounted, once', async () => {
    await project.labels.append(encodePatch(patch(1, 30, UNTOUCHED, painted(2))));
    await project.labels.settled();
    await project.efforts.flush();
    const atKill = await readFile(join(folder, 'effort.json'));
    await project.labels.append(encodePatch(patch(2, 5, UNTOUCHED, painted(2))));
    await project.labels.append(encodePatch(patch(3, 6, UNTOUCHED, painted(1))));
    await project.labels.settled();
    // As a killed process leaves it: nothing folded, the last numbers not written.
    const killed = join(root.folder, 'B.emproj');
    await cp(folder, killed, { recursive: true });
    await writeFile(join(killed, 'effort.json'), atKill);
    await rm(join(killed, 'lock'), { recursive: true });
    await project.close();
    folder = killed;
    project = await reopened();
    expect(project.efforts.effort).toMatchObject({ strokes: 3, pixels: 41 });
    await project.close();
    project = await reopened();
    expect(project.efforts.effort).toMatchObject({ strokes: 3, pixels: 41 });
  });

  it.each(['missing', 'damaged'])('begins anew where the file is %s', async (how) => {
    await project.labels.append(encodePatch(patch(1, 30, UNTOUCHED, painted(2))));
    await project.close();
    const file = join(folder, 'effort.json');
    if (how === 'missing') await rm(file);
    else
      await writeFile(file, (await readFile(file, 'utf8')).replace('"pixels":30', '"pixels":31'));
    const before = Date.now();
    project = await reopened();
    const { effort } = project.efforts;
    expect(effort).toMatchObject({ strokes: 0, pixels: 0, activeSeconds: 0 });
    expect(Date.parse(effort.since)).toBeGreaterThanOrEqual(before);
    await project.labels.append(encodePatch(patch(2, 4, UNTOUCHED, painted(1))));
    await project.labels.settled();
    expect(project.efforts.effort).toMatchObject({ strokes: 1, pixels: 4 });
  });
});

describe('pixels of a hand', () => {
  it('are those that are painted before or after, counted one by one', () => {
    const random = seeded(7);
    const values = [UNTOUCHED, painted(1), painted(2), painted(127), confirmed(1), confirmed(2)];
    const pick = (): number => values[Math.floor(random() * values.length)] ?? 0;
    const some = (count: number): PatchValues =>
      random() < 0.5
        ? uniform(pick())
        : { kind: 'pixels', values: Uint8Array.from({ length: count }, pick) };
    const isPainted = (label: number): boolean => label > 0 && label < 128;
    for (let round = 0; round < 200; round += 1) {
      const [first, second] = [1 + Math.floor(random() * 5), 1 + Math.floor(random() * 5)];
      const count = first + second;
      const [before, after] = [some(count), some(count)];
      const value = (all: PatchValues, i: number): number =>
        all.kind === 'uniform' ? all.value : (all.values[i] ?? 0);
      const naive = [...Array(count).keys()].filter(
        (i) => isPainted(value(before, i)) || isPainted(value(after, i)),
      ).length;
      const runs = Uint32Array.of(3, first, 100, second);
      const tiles = [{ tx: 0, ty: 0, runs, before, after }];
      const patch = { ...randomPatch(random, 1), tiles };
      expect(handPixels(decodeEdit(encodePatch(patch)))).toBe(naive);
    }
  });
});
