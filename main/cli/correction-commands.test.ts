import { join } from 'node:path';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';
import { failureOf } from './testing/built-cli';
import { makeLineFolder, slow, type LineFolder } from './testing/line-folder';

let lines: LineFolder;
beforeAll(async () => {
  lines = await makeLineFolder();
  await writeTruth(join(lines.folder, 'truth.tif'));
  await lines.run('project', 'create', 'C.emproj', '--stack', 'image.tif', '--json');
}, 60_000);
afterAll(() => lines.remove());

/** Every second wall of the picture is none: there is always one to wipe. */
async function writeTruth(path: string): Promise<void> {
  const side = 128;
  const voxelSize = { x: 4, y: 4, z: 50, source: 'file' as const };
  const writer = await createTiffWriter(path, {
    width: side,
    height: side,
    type: 'uint8',
    voxelSize,
  });
  for (let z = 0; z < 4; z += 1)
    await writer.append(
      Uint8Array.from({ length: side * side }, (_, i) =>
        ((i % side) + z) % 32 < 3 || Math.floor(i / side) % 32 < 3 ? 0 : 255,
      ),
    );
  await writer.finish();
}

const Simulated = z.object({
  user: z.string(),
  slices: z.array(z.object({ z: z.number(), strokes: z.number(), paintedPixels: z.number() })),
});
const Share = z.object({ before: z.number(), after: z.number() });
const Retrained = z.object({
  name: z.string(),
  steps: z.number(),
  verdict: z.enum(['accepted', 'kept-aside', 'offered']),
  obedience: z.object({ trained: Share, held: Share }),
});

const truth = ['--truth', 'labels.tif', '--membrane', '0'];

describe('simulate and retrain', () => {
  it('say what is missing, and paint nothing then', async () => {
    const all = ['simulate', 'C.emproj', ...truth];
    expect(failureOf(await lines.run(...all, '--json')).code).toBe('usage');
    expect(failureOf(await lines.run(...all, '--slices', '9', '--json')).code).toBe(
      'stack.slice-out-of-range',
    );
    const small = ['--truth', 'small-labels.tif', '--membrane', '0', '--slices', '0'];
    expect(failureOf(await lines.run('simulate', 'C.emproj', ...small, '--json')).code).toBe(
      'stack.shape-mismatch',
    );
    expect(failureOf(await lines.run('retrain', 'C.emproj', '--json')).code).toBe('labels.none');
  });

  it(
    'correct slices of a project and make a version of it that says how it was judged',
    async () => {
      const wanted = ['--truth', 'truth.tif', '--membrane', '0', '--slices', '0-2'];
      const corrected = await lines.run('simulate', 'C.emproj', ...wanted, '--json');
      const { slices, user } = Simulated.parse(JSON.parse(corrected.stdout));
      expect(user).toBe('honest');
      expect(slices.map(({ z }) => z)).toEqual([0, 1, 2]);
      for (const { strokes, paintedPixels } of slices) {
        expect(strokes).toBeGreaterThan(0);
        expect(strokes).toBeLessThanOrEqual(15);
        expect(paintedPixels).toBeLessThanOrEqual(strokes * 3 * 62);
      }
      const again = await lines.run('simulate', 'C.emproj', ...wanted, '--json');
      expect(failureOf(again).message).toContain('Slices 0-2 have labels already');

      const made = await lines.run('retrain', 'C.emproj', '--steps', '2', '--json');
      expect(Retrained.parse(JSON.parse(made.stdout))).toMatchObject({
        name: 'general · 2',
        steps: 2,
      });
    },
    slow,
  );
});
