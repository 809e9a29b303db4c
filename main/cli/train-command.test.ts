import { readdir, readFile, writeFile } from 'node:fs/promises';
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

describe('train', () => {
  it(
    'trains the plain U-Net of as many levels as asked',
    async () => {
      const shape = ['--network', 'plain', '--levels', '2', '--base-filters', '4'];
      const trained = await lines.run(
        'train',
        ...lineStack,
        ...shape,
        '--steps',
        '1',
        '--out',
        'plain',
      );
      expect(trained.code).toBe(0);
      const file = z
        .object({ network: z.object({ name: z.string() }) })
        .parse(JSON.parse(await readFile(join(lines.folder, 'plain', 'model.json'), 'utf8')));
      expect(file.network.name).toBe('plain-unet-base4-levels2');
      const odd = await lines.run(
        'train',
        ...lineStack,
        '--network',
        'vgg',
        '--out',
        'odd',
        '--json',
      );
      expect(failureOf(odd).code).toBe('usage');
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
      const trained = await lines.run('train', ...lineStack, ...words, ...slices, ...rest);
      expect(trained).toMatchObject({ code: 0, stderr: '' });
      const card = JSON.parse(
        await readFile(join(lines.folder, 'both', 'model.json'), 'utf8'),
      ) as unknown;
      const rows = [
        ['image.tif', '0-1'],
        ['labels.tif', '0-1'],
        ['small.tif', '0-2'],
        ['small-labels.tif', '0-2'],
      ];
      expect(card).toMatchObject({
        scoresNote: expect.stringContaining('slices ⟨3⟩ of image.tif') as unknown,
        training: {
          summary: '4 steps on slices ⟨0-1⟩ of image.tif and ⟨0-2⟩ of small.tif',
          data: rows.map(([name, range]) => ({ name, slices: range })),
          recipe: { plan: 'labels 2, labels-2 1' },
        },
      });
    },
    slow,
  );

  it(
    'learns a further class from the same labels, and segments it',
    async () => {
      const own = ['--class', 'cell inside=255:labels.tif', '--base-filters', '4', '--levels', '2'];
      const slices = ['--train', '0-2', '--validate', '3', '--steps', '2'];
      const trained = await lines.run(
        'train',
        ...lineStack,
        ...own,
        ...slices,
        '--out',
        'two',
        '--json',
        '--quiet',
      );
      expect(trained.code).toBe(0);
      const { classes } = z
        .object({ classes: z.array(z.object({ name: z.string(), dice: z.number() })) })
        .parse(JSON.parse(trained.stdout));
      expect(classes.map(({ name }) => name)).toEqual(['cell inside']);
      const segmented = await lines.run(
        'segment',
        'image.tif',
        '--model',
        'two',
        '--out',
        'map.tif',
        '--classes',
        'found',
        '--slices',
        '0-1',
        '--json',
        '--quiet',
      );
      expect(segmented.code).toBe(0);
      expect((await readdir(join(lines.folder, 'found'))).sort()).toEqual([
        'cell_inside-mask.tif',
        'cell_inside-probability.tif',
      ]);
      const none = ['--model', 'general', '--out', 'x.tif', '--classes', 'none', '--json'];
      const refused = await lines.run('segment', 'image.tif', ...none);
      expect(failureOf(refused)).toMatchObject({ code: 'usage' });
      for (const word of ['inside', '=255', 'inside=grey'])
        expect(
          failureOf(await lines.run('train', ...lineStack, '--class', word, '--out', 'y', '--json'))
            .code,
        ).toBe('usage');
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
      const ran = await lines.run(
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
    'says so where most of what is labelled would be membrane',
    async () => {
      const turned = async (membrane: string): Promise<string> => {
        const words = ['--image', 'image.tif', '--labels', 'labels.tif', '--membrane', membrane];
        const short = ['--steps', '1', '--base-filters', '4', '--validate', 'none'];
        return (await lines.run('train', ...words, ...short, '--out', `turned-${membrane}`)).stderr;
      };
      expect(await turned('255')).toMatch(/\d+ % of the labelled pixels count as membrane/);
      expect(await turned('0')).not.toContain('count as membrane');
    },
    slow,
  );

  it(
    'refuses weights of another network',
    async () => {
      const { code } = await lines.run(
        'train',
        ...lineStack,
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
      const card = join(lines.folder, 'narrow', 'model.json');
      const text = await readFile(card, 'utf8');
      await writeFile(card, text.replace(/"outputChannels": 4\b/, '"outputChannels": 6'));
      const ran = await lines.run(
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
        ...['train', ...lineStack, '--steps', '10', '--base-filters', '4', '--validate', '3'],
        ...['--checkpoint-every', '2', '--out', out, '--events', `${out}.jsonl`, '--json'],
      ];
      expect((await lines.run(...words('unbroken'), '--quiet')).code).toBe(0);
      const { child, ended } = lines.start(...words('broken'));
      const { pid } = child;
      if (pid === undefined) throw new Error('the command line did not start');
      const events = join(lines.folder, 'broken.jsonl');
      await expect
        .poll(() => readFile(events, 'utf8').catch(() => ''), { timeout: 60_000, interval: 20 })
        .toContain('"step":3,');
      const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
      process.kill(Number(children.trim().split(' ')[0]), 'SIGKILL');
      const ran = await ended;
      expect(ran.code).toBe(0);
      expect(ran.stderr).toMatch(/SIGKILL.*goes on from step \d/);
      const weightsOf = (out: string) => readFile(join(lines.folder, out, 'weights.bin'));
      expect(await weightsOf('broken')).toEqual(await weightsOf('unbroken'));
      const written = (await readFile(events, 'utf8')).trim().split('\n');
      const Line = z.object({ event: z.string(), step: z.number().optional() });
      const told = written.map((line) => Line.parse(JSON.parse(line)));
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
        ...lineStack,
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
      const { child, ended } = lines.start(...words);
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
      const resumed = await lines.run(...words, '--resume', '--events', 'resumed.jsonl', '--quiet');
      expect(JSON.parse(resumed.stdout)).toMatchObject({ steps: 30 });
      const [first] = (await readFile(join(lines.folder, 'resumed.jsonl'), 'utf8'))
        .split('\n')
        .filter((line) => line.includes('"event":"step"'));
      expect(z.object({ step: z.number() }).parse(JSON.parse(first ?? '')).step).toBeGreaterThan(1);
      const none = await lines.run(
        'train',
        ...lineStack,
        '--out',
        'other',
        '--resume',
        '--json',
        '--quiet',
      );
      expect(failureOf(none).code).toBe('file.not-found');
    },
    slow,
  );
});
