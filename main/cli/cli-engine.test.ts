import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildCli, failureOf, runCli, startCli, type BuiltCli } from './testing/built-cli';
import { withoutTensorflow } from '../compute/testing/tensorflow';
import { writeLines } from '../compute/testing/line-stacks';

let cli: BuiltCli;
let folder: string;
const slow = 240_000;

beforeAll(async () => {
  cli = await buildCli();
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  const size = { side: 128, depth: 4 };
  await writeLines(join(folder, 'image.tif'), 'image', size);
  await writeLines(join(folder, 'labels.tif'), 'labels', size);
  await writeLines(join(folder, 'coarse.tif'), 'image', { side: 60, depth: 1, nm: 8 });
  await writeLines(join(folder, 'other.tif'), 'labels', { side: 96, depth: 4 });
  await writeLines(join(folder, 'small.tif'), 'image', { side: 96, depth: 3 });
  await writeLines(join(folder, 'small-labels.tif'), 'labels', { side: 96, depth: 3 });
}, 60_000);

afterAll(async () => {
  await cli.remove();
  await rm(folder, { recursive: true });
});

const run = (...words: string[]) => runCli(cli, folder, words);

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
      const ran = await run('segment', 'image.tif', ...words, '--json', '--quiet');
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
      const first = await run('engines', '--json');
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
      const second = await run('engines', '--json');
      expect(second).toMatchObject({ code: 0, stdout: first.stdout, stderr: '' });
    },
    slow,
  );

  it('are refused by name when nothing of what was asked for may be used', async () => {
    // Without a card there is none; with one this would be another story.
    const rows = z.array(Row).parse(JSON.parse((await run('engines', '--json')).stdout));
    if (rows.some(({ device, probe }) => device === 'gpu' && probe?.ok === true)) return;
    const model = ['--model', 'isbi-base8', '--out', 'gpu.tif'];
    const ran = await run('segment', 'image.tif', ...model, '--device', 'gpu', '--json', '--quiet');
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
      const ran = await run('segment', 'image.tif', ...words, '--slices', '0', '--json', '--quiet');
      expect(JSON.parse(ran.stdout)).toMatchObject({
        engine: expect.stringContaining('TensorFlow') as unknown,
        device: 'cpu',
      });
    },
    slow,
  );
});

describe('with the engine', () => {
  const data = ['--image', 'image.tif', '--labels', 'labels.tif', '--membrane', '0'];

  it(
    'trains the plain U-Net of as many levels as asked',
    async () => {
      const shape = ['--network', 'plain', '--levels', '2', '--base-filters', '4'];
      const trained = await run('train', ...data, ...shape, '--steps', '1', '--out', 'plain');
      expect(trained.code).toBe(0);
      const file = z
        .object({ network: z.object({ name: z.string() }) })
        .parse(JSON.parse(await readFile(join(folder, 'plain', 'model.json'), 'utf8')));
      expect(file.network.name).toBe('plain-unet-base4-levels2');
      const odd = await run('train', ...data, '--network', 'vgg', '--out', 'odd', '--json');
      expect(failureOf(odd).code).toBe('usage');
    },
    slow,
  );

  it(
    'trains, segments and scores: probabilities as floats, voxel size kept, numbers that agree',
    async () => {
      const trained = await run(
        'train',
        ...data,
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
      const events = (await readFile(join(folder, 'events.jsonl'), 'utf8')).trim().split('\n');
      const kinds = events.map(
        (line) => z.object({ event: z.string() }).parse(JSON.parse(line)).event,
      );
      expect(kinds.filter((kind) => kind === 'step')).toHaveLength(12);
      expect(kinds).toContain('validation');

      const again = await run('train', ...data, '--out', 'model', '--json');
      expect(failureOf(again).code).toBe('file.write-failed');

      const segmented = await run(
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
      expect(JSON.parse(segmented.stdout)).toMatchObject({ slices: 2, resampled: null });
      const card = z.object({ pixelSize: z.unknown() });
      expect(
        card.parse(JSON.parse(await readFile(join(folder, 'model', 'model.json'), 'utf8'))),
      ).toEqual({ pixelSize: { x: 4, y: 4, unit: 'nm' } });
      const map = await run('info', 'p.tif', '--json');
      expect(JSON.parse(map.stdout)).toMatchObject({
        type: 'float32',
        depth: 2,
        voxelSize: { x: 4, z: 50 },
      });
      const mask = await run('info', 'm.tif', '--json');
      expect(JSON.parse(mask.stdout)).toMatchObject({ type: 'uint8', depth: 2 });

      const coarse = ['segment', 'coarse.tif', '--model', 'model', '--out'];
      const resampled = await run(...coarse, 'coarse-p.tif', '--json');
      expect(resampled.stderr).toContain('resampled for the network and back');
      expect(JSON.parse(resampled.stdout)).toMatchObject({
        resampled: { from: { x: 8, y: 8, unit: 'nm' }, to: { x: 4, y: 4, unit: 'nm' } },
      });
      expect(JSON.parse((await run('info', 'coarse-p.tif', '--json')).stdout)).toMatchObject({
        width: 60,
        height: 60,
        voxelSize: { x: 8, z: 50 },
      });
      const asItIs = await run(...coarse, 'as-it-is.tif', '--no-resample', '--json');
      expect(asItIs.stderr).not.toContain('resampled');
      expect(JSON.parse(asItIs.stdout)).toMatchObject({ resampled: null });

      const mismatch = await run(
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
      await run('segment', 'image.tif', '--model', 'model', '--out', 'all.tif', '--quiet');
      const scored = await run(
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
      await run('segment', 'image.tif', '--model', 'model', '--out', 'last.tif', '--slices', '1');
      const of = async (prediction: string): Promise<unknown> => {
        const words = ['--prediction', prediction, '--truth', 'labels.tif', '--membrane', '0'];
        return JSON.parse(
          (await run('evaluate', ...words, '--slices', '1', '--json')).stdout,
        ) as unknown;
      };
      expect(await of('last.tif')).toEqual(await of('all.tif'));
      const perfect = await run(
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

  it(
    'trains on two stacks of other sizes and membrane values, and its card names both',
    async () => {
      const words = ['--image', 'small.tif', '--labels', 'small-labels.tif', '--membrane', '255'];
      const slices = [
        '--train',
        '0-1',
        '--validate',
        '3',
        '--train',
        '0-2',
        '--validate',
        'none',
        '--share',
        '2',
        '--share',
        '1',
      ];
      const rest = ['--steps', '4', '--base-filters', '4', '--out', 'both', '--quiet'];
      const trained = await run('train', ...data, ...words, ...slices, ...rest);
      expect(trained).toMatchObject({ code: 0, stderr: '' });
      const card = JSON.parse(
        await readFile(join(folder, 'both', 'model.json'), 'utf8'),
      ) as unknown;
      const rows = [
        ['image.tif', '0-1'],
        ['labels.tif', '0-1'],
        ['small.tif', '0-2'],
        ['small-labels.tif', '0-2'],
      ];
      expect(card).toMatchObject({
        scoresNote: expect.stringContaining('slices 3 of image.tif') as unknown,
        training: {
          summary: '4 steps on slices 0-1 of image.tif and 0-2 of small.tif',
          data: rows.map(([name, range]) => ({ name, slices: range })),
          recipe: { plan: 'labels 2, labels-2 1' },
        },
      });
    },
    slow,
  );

  it.each([
    [
      'a label value that is nowhere',
      ['--membrane', '7', '--labels', 'labels.tif'],
      'labels.value-absent',
    ],
    [
      'labels of another size',
      ['--membrane', '0', '--labels', 'other.tif'],
      'stack.shape-mismatch',
    ],
  ])(
    'refuses %s before it trains',
    async (_, words, code) => {
      const ran = await run(
        'train',
        '--image',
        'image.tif',
        ...words,
        '--out',
        'refused',
        '--json',
        '--quiet',
      );
      expect(ran.code).toBe(2);
      expect(failureOf(ran).code).toBe(code);
    },
    slow,
  );

  it(
    'refuses weights of another network',
    async () => {
      const { code } = await run(
        'train',
        ...data,
        '--steps',
        '1',
        '--base-filters',
        '4',
        '--validate',
        'none',
        '--out',
        'narrow',
        '--quiet',
      );
      expect(code).toBe(0);
      const card = join(folder, 'narrow', 'model.json');
      const text = await readFile(card, 'utf8');
      await writeFile(card, text.replace(/"outputChannels": 4\b/, '"outputChannels": 6'));
      const ran = await run(
        'segment',
        'image.tif',
        '--model',
        'narrow',
        '--out',
        'x.tif',
        '--json',
        '--quiet',
      );
      expect(ran.code).toBe(2);
      expect(failureOf(ran).code).toMatch(/^model\.(corrupt|shape-mismatch)$/);
    },
    slow,
  );

  it.skipIf(process.platform !== 'linux')(
    'goes on by itself when its compute process is killed, and ends with the same weights',
    async () => {
      const words = (out: string) => [
        ...['train', ...data, '--steps', '10', '--base-filters', '4', '--validate', '3'],
        ...['--checkpoint-every', '2', '--out', out, '--events', `${out}.jsonl`, '--json'],
      ];
      expect((await run(...words('unbroken'), '--quiet')).code).toBe(0);
      const { child, ended } = startCli(cli, folder, words('broken'));
      const { pid } = child;
      if (pid === undefined) throw new Error('the command line did not start');
      const events = join(folder, 'broken.jsonl');
      await expect
        .poll(() => readFile(events, 'utf8').catch(() => ''), { timeout: 60_000, interval: 20 })
        .toContain('"step":3,');
      const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
      process.kill(Number(children.trim().split(' ')[0]), 'SIGKILL');
      const ran = await ended;
      expect(ran.code).toBe(0);
      expect(ran.stderr).toMatch(/SIGKILL.*goes on from step \d/);
      const weightsOf = (out: string) => readFile(join(folder, out, 'weights.bin'));
      expect(await weightsOf('broken')).toEqual(await weightsOf('unbroken'));
      const lines = (await readFile(events, 'utf8')).trim().split('\n');
      const Line = z.object({ event: z.string(), step: z.number().optional() });
      const told = lines.map((line) => Line.parse(JSON.parse(line)));
      expect(told.filter(({ event }) => event === 'step').map(({ step }) => step)).toEqual(
        Array.from({ length: 10 }, (_, i) => i + 1),
      );
      expect(told.filter(({ event }) => event === 'restarted')).toHaveLength(1);
    },
    slow,
  );

  it(
    'stops on Ctrl+C with exit 130 and goes on from its checkpoint',
    async () => {
      const words = [
        'train',
        ...data,
        '--steps',
        '30',
        '--base-filters',
        '4',
        '--validate',
        '3',
        '--out',
        'long',
        '--json',
      ];
      const { child, ended } = startCli(cli, folder, words);
      await new Promise<void>((started) => {
        child.stderr?.on('data', (text: string) => {
          if (text.includes('step')) started();
        });
      });
      child.kill('SIGINT');
      const ran = await ended;
      expect(ran.code).toBe(130);
      expect(failureOf(ran).code).toBe('job.cancelled');
      expect(ran.stderr).toContain('--resume');
      const resumed = await run(...words, '--resume', '--events', 'resumed.jsonl', '--quiet');
      expect(JSON.parse(resumed.stdout)).toMatchObject({ steps: 30 });
      const [first] = (await readFile(join(folder, 'resumed.jsonl'), 'utf8'))
        .split('\n')
        .filter((line) => line.includes('"event":"step"'));
      expect(z.object({ step: z.number() }).parse(JSON.parse(first ?? '')).step).toBeGreaterThan(1);
      const none = await run('train', ...data, '--out', 'other', '--resume', '--json', '--quiet');
      expect(failureOf(none).code).toBe('file.not-found');
    },
    slow,
  );
});
