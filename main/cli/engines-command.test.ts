import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { withoutTensorflow } from '../compute/testing/tensorflow';
import { failureOf } from './testing/built-cli';
import { makeLineFolder, slow, type LineFolder } from './testing/line-folder';

let lines: LineFolder;

beforeAll(async () => {
  lines = await makeLineFolder();
}, 60_000);

afterAll(() => lines.remove());

const missing = withoutTensorflow();
if (missing !== null) console.warn(`Left out: the command line on TensorFlow; ${missing}.`);

const Row = z
  .object({
    name: z.enum(['onnx', 'tensorflow']),
    device: z.enum(['cpu', 'gpu']),
    provider: z.string(),
    available: z.boolean(),
    reason: z.string().min(1).optional(),
    canTrain: z.boolean(),
    probe: z.object({ ok: z.boolean(), maxError: z.number() }).nullable(),
    forwardMs: z.number().nullable(),
    stepMs: z.number().nullable(),
  })
  .strict();

describe('the engines', () => {
  it(
    'are ONNX Runtime on the CPU before any probe',
    async () => {
      const words = ['--model', 'isbi-base8', '--out', 'fresh.tif', '--slices', '0'];
      const ran = await lines.run('segment', 'image.tif', ...words, '--json', '--quiet');
      expect(JSON.parse(ran.stdout)).toMatchObject({
        engine: expect.stringContaining('ONNX Runtime') as unknown,
        device: 'cpu',
      });
    },
    slow,
  );

  it(
    'are probed once and remembered; every one that may not be used says why',
    async () => {
      const first = await lines.run('engines', '--json');
      expect(first).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('Probing') as unknown,
      });
      const rows = z.array(Row).parse(JSON.parse(first.stdout));
      expect(rows.find(({ name, device }) => name === 'onnx' && device === 'cpu')).toMatchObject({
        available: true,
        canTrain: true,
        probe: { ok: true },
        forwardMs: expect.any(Number) as unknown,
        stepMs: expect.any(Number) as unknown,
      });
      expect(rows.some(({ name }) => name === 'tensorflow')).toBe(true);
      for (const { probe, reason } of rows) expect(probe?.ok === true).toBe(reason === undefined);
      const second = await lines.run('engines', '--json');
      expect(second).toMatchObject({ code: 0, stdout: first.stdout, stderr: '' });
    },
    slow,
  );

  it('are refused by name when nothing of what was asked for may be used', async () => {
    // Without a card there is none; with one this would be another story.
    const rows = z.array(Row).parse(JSON.parse((await lines.run('engines', '--json')).stdout));
    if (rows.some(({ device, probe }) => device === 'gpu' && probe?.ok === true)) return;
    const model = ['--model', 'isbi-base8', '--out', 'gpu.tif'];
    const ran = await lines.run(
      'segment',
      'image.tif',
      ...model,
      '--device',
      'gpu',
      '--json',
      '--quiet',
    );
    expect(ran.code).toBe(2);
    expect(failureOf(ran)).toMatchObject({
      code: 'engine.unavailable',
      message: expect.stringContaining('GPU') as unknown,
    });
  });

  it.skipIf(missing !== null)(
    'can be asked for by name',
    async () => {
      const words = ['--model', 'isbi-base8', '--out', 'tf.tif', '--engine', 'tensorflow'];
      const ran = await lines.run(
        'segment',
        'image.tif',
        ...words,
        '--slices',
        '0',
        '--json',
        '--quiet',
      );
      expect(JSON.parse(ran.stdout)).toMatchObject({
        engine: expect.stringContaining('TensorFlow') as unknown,
        device: 'cpu',
      });
    },
    slow,
  );
});
