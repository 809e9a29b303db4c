import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { failureOf } from './testing/built-cli';
import { lineStack, makeLineFolder, slow, type LineFolder } from './testing/line-folder';

let lines: LineFolder;

beforeAll(async () => {
  lines = await makeLineFolder();
}, 60_000);

afterAll(() => lines.remove());

describe('with the engine', () => {
  it(
    'trains, segments and scores: probabilities as floats, voxel size kept, numbers that agree',
    async () => {
      const trained = await lines.run(
        'train',
        ...lineStack,
        '--train',
        '0-2',
        '--validate',
        '3',
        '--steps',
        '12',
        '--base-filters',
        '4',
        '--out',
        'model',
        '--events',
        'events.jsonl',
        '--json',
        '--quiet',
      );
      expect(trained.stderr).toBe('');
      expect(trained.code).toBe(0);
      expect(JSON.parse(trained.stdout)).toMatchObject({
        steps: 12,
        engine: expect.stringMatching(/ONNX Runtime|TensorFlow/) as unknown,
      });
      const events = (await readFile(join(lines.folder, 'events.jsonl'), 'utf8'))
        .trim()
        .split('\n');
      const kinds = events.map(
        (line) => z.object({ event: z.string() }).parse(JSON.parse(line)).event,
      );
      expect(kinds.filter((kind) => kind === 'step')).toHaveLength(12);
      expect(kinds).toContain('validation');

      const again = await lines.run('train', ...lineStack, '--out', 'model', '--json');
      expect(failureOf(again).code).toBe('file.write-failed');

      const segmented = await lines.run(
        'segment',
        'image.tif',
        '--model',
        'model',
        '--out',
        'p.tif',
        '--mask',
        'm.tif',
        '--slices',
        '1-2',
        '--json',
      );
      expect(segmented.code).toBe(0);
      expect(JSON.parse(segmented.stdout)).toMatchObject({
        slices: 2,
        resampled: null,
        conditioning: { by: 'measured', scale: 1 },
      });
      const card = z.object({ pixelSize: z.unknown() });
      expect(
        card.parse(JSON.parse(await readFile(join(lines.folder, 'model', 'model.json'), 'utf8'))),
      ).toEqual({ pixelSize: { x: 4, y: 4, unit: 'nm' } });
      const map = await lines.run('info', 'p.tif', '--json');
      expect(JSON.parse(map.stdout)).toMatchObject({
        type: 'float32',
        depth: 2,
        voxelSize: { x: 4, z: 50 },
      });
      const mask = await lines.run('info', 'm.tif', '--json');
      expect(JSON.parse(mask.stdout)).toMatchObject({ type: 'uint8', depth: 2 });

      const coarse = ['segment', 'coarse.tif', '--model', 'model', '--out'];
      const resampled = await lines.run(...coarse, 'coarse-p.tif', '--json');
      expect(resampled.stderr).toContain('resampled for the network and back');
      expect(JSON.parse(resampled.stdout)).toMatchObject({
        resampled: { from: { x: 8, y: 8, unit: 'nm' }, to: { x: 4, y: 4, unit: 'nm' } },
      });
      expect(JSON.parse((await lines.run('info', 'coarse-p.tif', '--json')).stdout)).toMatchObject({
        width: 60,
        height: 60,
        voxelSize: { x: 8, z: 50 },
      });
      const given = ['--conditioning', 'invert,smooth=1', '--no-resample', '--json'];
      const turned = await lines.run(...coarse, 'turned.tif', ...given);
      expect(JSON.parse(turned.stdout)).toMatchObject({
        conditioning: { by: 'given', text: 'invert,smooth=1', inverted: true, smoothing: 1 },
      });
      const asItIs = await lines.run(...coarse, 'as-it-is.tif', '--no-resample', '--json');
      expect(asItIs.stderr).not.toContain('resampled');
      expect(JSON.parse(asItIs.stdout)).toMatchObject({ resampled: null });

      const mismatch = await lines.run(
        'evaluate',
        '--prediction',
        'p.tif',
        '--truth',
        'labels.tif',
        '--membrane',
        '0',
        '--json',
      );
      expect(failureOf(mismatch).code).toBe('stack.shape-mismatch');
      await lines.run('segment', 'image.tif', '--model', 'model', '--out', 'all.tif', '--quiet');
      const scored = await lines.run(
        'evaluate',
        '--prediction',
        'all.tif',
        '--truth',
        'labels.tif',
        '--membrane',
        '0',
        '--threshold',
        '0.5',
        '--json',
      );
      const scores = z
        .object({
          atThreshold: z.object({ threshold: z.number(), dice: z.number(), iou: z.number() }),
          best: z.object({ threshold: z.number() }),
          sweep: z.array(z.object({ threshold: z.number() })),
        })
        .parse(JSON.parse(scored.stdout));
      const { dice, iou, threshold } = scores.atThreshold;
      expect(threshold).toBe(0.5);
      expect(iou).toBeCloseTo(dice / (2 - dice), 9);
      expect(scores.sweep).toHaveLength(11);
      await lines.run(
        'segment',
        'image.tif',
        '--model',
        'model',
        '--out',
        'last.tif',
        '--slices',
        '1',
      );
      const of = async (prediction: string): Promise<unknown> => {
        const words = ['--prediction', prediction, '--truth', 'labels.tif', '--membrane', '0'];
        return JSON.parse(
          (await lines.run('evaluate', ...words, '--slices', '1', '--json')).stdout,
        ) as unknown;
      };
      expect(await of('last.tif')).toEqual(await of('all.tif'));
      const perfect = await lines.run(
        'evaluate',
        '--prediction',
        'labels.tif',
        '--truth',
        'labels.tif',
        '--membrane',
        '255',
        '--json',
      );
      expect(JSON.parse(perfect.stdout)).toMatchObject({ atThreshold: { dice: 1, accuracy: 1 } });
    },
    slow,
  );
});
