import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Coverage } from '#contract/entities';
import { decodePatch, encodePatch } from '#contract/label-patch-codec';
import type { EncodedEdit } from '#contract/project-step';
import { openProject } from '../project/project-store';
import { PowerLossDisk } from '../storage/testing/power-loss-file-system';
import {
  differingSlices,
  NaiveLabels,
  newProject,
  quickStorage,
  randomPatch,
  randomStroke,
  seeded,
  shape,
  temporaryFolder,
} from '../project/testing/sample-project';
import { countLabels } from './label-tiles';

let folder = '';
let remove: () => Promise<void>;

beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterEach(() => remove());

function countsOf(naive: NaiveLabels): Coverage[] {
  return Array.from({ length: shape.depth }, (_, z) => ({
    z,
    ...countLabels(naive.slice(z)),
  })).filter(({ painted, confirmed }) => painted + confirmed > 0);
}

const patchesOf = (steps: readonly EncodedEdit[]): Uint8Array[] =>
  steps.flatMap((step) => (step.kind === 'labels' ? [step.patch] : []));

describe('painted labels', () => {
  it(
    'are the same after any mix of strokes, checkpoints and reopening',
    { timeout: 120_000 },
    async () => {
      let run = 0;
      const action = fc.oneof(
        { weight: 6, arbitrary: fc.record({ kind: fc.constant('stroke' as const) }) },
        { weight: 2, arbitrary: fc.record({ kind: fc.constant('checkpoint' as const) }) },
        { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
      );
      await fc.assert(
        fc.asyncProperty(
          fc.nat(),
          fc.array(action, { minLength: 3, maxLength: 24 }),
          async (seed, actions) => {
            run += 1;
            const random = seeded(seed);
            const naive = new NaiveLabels();
            // Room for one tile in memory: nearly every read comes from the disk.
            const options = {
              ...quickStorage,
              files: new PowerLossDisk(random),
              cacheBytes: 300_000,
              undoBytes: 1,
            };
            const place = `/run-${String(run)}.emproj`;
            let project = await newProject(place, options);
            let sequence = 0;
            for (const { kind } of [...actions, { kind: 'reopen' as const }]) {
              if (kind === 'checkpoint') await project.labels.checkpoint();
              else if (kind === 'stroke') {
                sequence += 1;
                const patch = randomPatch(random, sequence);
                naive.apply(patch);
                await project.labels.append(encodePatch(patch));
              } else {
                await project.close();
                project = await openProject(place, { readOnlyIfLocked: false }, options);
              }
            }
            expect(await differingSlices(project, naive)).toEqual([]);
            expect(project.labels.coverage()).toEqual(countsOf(naive));
            expect(project.labels.lastSequence).toBe(sequence);
            expect((await project.verify()).problems).toEqual([]);
            await project.close();
          },
        ),
        { numRuns: 12, seed: 2026 },
      );
    },
  );

  it('are acknowledged in order when many strokes come at once', async () => {
    const project = await newProject(folder);
    const random = seeded(1);
    const naive = new NaiveLabels();
    const strokes = Array.from({ length: 200 }, (_, i) => randomPatch(random, i + 1));
    for (const stroke of strokes) naive.apply(stroke);
    const order: number[] = [];
    await Promise.all(
      strokes.map(async (stroke) => {
        order.push((await project.labels.append(encodePatch(stroke))).sequence);
      }),
    );
    expect(order).toEqual(strokes.map(({ sequence }) => sequence));
    expect(await differingSlices(project, naive)).toEqual([]);
    await project.close();
  });

  it('take a repeated stroke once and refuse another one with its number', async () => {
    const project = await newProject(folder);
    const random = seeded(2);
    const first = randomStroke(random, 1);
    expect(await project.labels.append(first)).toEqual({ sequence: 1 });
    expect(await project.labels.append(first)).toEqual({ sequence: 1 });
    await expect(project.labels.append(randomStroke(random, 1))).rejects.toMatchObject({
      code: 'project.out-of-step',
    });
    await expect(project.labels.append(randomStroke(random, 3))).rejects.toThrow(/2 comes first/);
    expect(await project.history(1e6)).toEqual([{ kind: 'labels', patch: Uint8Array.from(first) }]);
    await project.close();
  });

  it('know a stroke of an earlier opening by its bytes, not by its number alone', async () => {
    const random = seeded(3);
    const first = randomStroke(random, 1);
    const before = await newProject(folder);
    await before.labels.append(first);
    await before.labels.append(randomStroke(random, 2));
    // The checkpoint of a clean end: nothing is left to replay.
    await before.close();
    const project = await openProject(folder, { readOnlyIfLocked: false });
    expect(await project.labels.append(first)).toEqual({ sequence: 1 });
    for (const number of [1, 2])
      await expect(project.labels.append(randomStroke(random, number))).rejects.toMatchObject({
        code: 'project.out-of-step',
      });
    expect(await project.history(1e6)).toHaveLength(2);
    await project.close();
  });

  it.each([
    ['another stack', { stack: 'other' }],
    ['another layer', { layer: 'other' }],
    ['a slice beyond the stack', { z: shape.depth }],
    ['a tile beyond the slice', { tiles: [{ tx: 2, ty: 0, runs: [0, 1] }] }],
    ['a pixel right of the slice', { tiles: [{ tx: 1, ty: 0, runs: [187, 2] }] }],
    ['a row below the slice', { tiles: [{ tx: 0, ty: 1, runs: [18 * 512, 1] }] }],
    ['a run over the edge', { tiles: [{ tx: 1, ty: 0, runs: [100, 512] }] }],
    [
      'a tile twice',
      {
        tiles: [
          { tx: 0, ty: 0, runs: [0, 1] },
          { tx: 0, ty: 0, runs: [4, 1] },
        ],
      },
    ],
  ])('refuse a stroke on %s', async (_, change) => {
    const project = await newProject(folder);
    const patch = randomPatch(seeded(3), 1);
    const value = { kind: 'uniform' as const, value: 2 };
    const tiles =
      'tiles' in change
        ? change.tiles.map(({ tx, ty, runs }) => ({
            tx,
            ty,
            runs: Uint32Array.from(runs),
            before: value,
            after: value,
          }))
        : patch.tiles;
    const wrong = encodePatch({ ...patch, ...change, tiles } as typeof patch);
    await expect(project.labels.append(wrong)).rejects.toMatchObject({
      code: 'labels.patch-invalid',
    });
    expect(project.labels.lastSequence).toBe(0);
    await project.close();
  });

  it(
    'give the undo history back after reopening, newest within the budget',
    { timeout: 60_000 },
    async () => {
      const options = {
        ...quickStorage,
        files: new PowerLossDisk(seeded(0)),
        segmentBytes: 4096,
        undoBytes: 1e6,
      };
      let project = await newProject(folder, options);
      const random = seeded(4);
      const strokes = Array.from({ length: 60 }, (_, i) => randomStroke(random, i + 1));
      for (const [i, stroke] of strokes.entries()) {
        await project.labels.append(stroke);
        if (i % 25 === 0) await project.labels.checkpoint();
      }
      await project.close();
      project = await openProject(folder, { readOnlyIfLocked: false }, options);
      const history = patchesOf(await project.history(1e6));
      expect(history.map((bytes) => decodePatch(bytes).sequence)).toEqual(
        strokes.map((__, i) => i + 1),
      );
      expect(
        history.every((bytes, i) => Buffer.compare(bytes, strokes[i] ?? bytes.subarray(1)) === 0),
      ).toBe(true);
      const three = strokes.slice(-3).reduce((sum, bytes) => sum + bytes.length, 0);
      expect(await project.history(three)).toHaveLength(3);
      await project.close();
    },
  );

  it('announce the reviewed pixels of a slice as they change', async () => {
    const project = await newProject(folder);
    const heard: Coverage[] = [];
    const stop = project.labels.onCoverage((slices) => heard.push(...slices));
    const patch = randomPatch(seeded(8), 1);
    await project.labels.append(encodePatch(patch));
    await project.labels.slice(0);
    const naive = new NaiveLabels();
    naive.apply(patch);
    expect(heard).toEqual(countsOf(naive));
    stop();
    await project.labels.append(randomStroke(seeded(7), 2));
    await project.labels.slice(0);
    expect(heard).toHaveLength(1);
    await project.close();
  });
});
