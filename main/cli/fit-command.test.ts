import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelFile } from '../models/model-file';
import { writeLines } from '../compute/testing/line-stacks';
import { failureOf } from './testing/built-cli';
import { lineStack, makeLineFolder, slow, type LineFolder } from './testing/line-folder';

let lines: LineFolder;

beforeAll(async () => {
  lines = await makeLineFolder();
  const base = ['--steps', '2', '--base-filters', '4', '--validate', 'none', '--out', 'base'];
  await lines.run('train', ...lineStack, ...base, '--quiet');
  await writeLines(join(lines.folder, 'blank.tif'), 'image', {
    side: 96,
    depth: 2,
    blank: [0, 1],
  });
}, 120_000);

afterAll(() => lines.remove());

const fitTo = (stack: string, out: string, model = 'base'): string[] => [
  ...['fit', stack, '--model', model, '--out', out, '--steps', '3'],
];
const learnt = ['--pictures', 'small.tif:small-labels.tif', '--membrane', '0'];

const cardOf = async (model: string): Promise<ModelFile> =>
  ModelFile.parse(JSON.parse(await readFile(join(lines.folder, model, 'model.json'), 'utf8')));

describe('fit', () => {
  it(
    'makes a version for a stack without a label; its card says from what, and the same words make the same',
    async () => {
      const conditioned = ['--conditioning', 'flat=32,smooth=1'];
      const first = await lines.run(
        ...fitTo('image.tif', 'one'),
        ...learnt,
        ...conditioned,
        '--json',
        '--quiet',
      );
      expect(first).toMatchObject({ code: 0, stderr: '' });
      const answer: unknown = JSON.parse(first.stdout);
      expect(answer).toMatchObject({
        steps: 3,
        pictures: 3,
        conditioning: { text: 'flat=32,smooth=1', by: 'given' },
        before: { cells: expect.any(Number) as number },
        after: { cells: expect.any(Number) as number },
      });
      const base = await cardOf('base');
      const card = await cardOf('one');
      expect(card).toMatchObject({
        origin: 'fitted',
        parent: base.id,
        thresholds: base.thresholds,
        scores: null,
        conditioning: { inverted: false, scale: 1, flatField: 32, smoothing: 1 },
        training: {
          summary:
            'Fitted to image.tif, no labels: 3 steps on 3 labelled pictures of other tissue in its look',
        },
      });
      expect(card.training?.data.map(({ name }) => name)).toEqual([
        'small.tif',
        'small-labels.tif',
      ]);
      expect(card.weights.sha256).not.toBe(base.weights.sha256);

      await lines.run(...fitTo('image.tif', 'two'), ...learnt, ...conditioned, '--quiet');
      expect((await cardOf('two')).weights.sha256).toBe(card.weights.sha256);
      const again = await lines.run(...fitTo('image.tif', 'one'), ...learnt, '--json');
      expect(failureOf(again).code).toBe('file.write-failed');
    },
    slow,
  );

  it(
    'learns from pictures without labels what the model itself makes of them, and from those that come with the app',
    async () => {
      const own = await lines.run(
        ...fitTo('image.tif', 'own', 'isbi-base8'),
        '--pictures',
        'small.tif',
      );
      expect(own.code).toBe(0);
      expect((await cardOf('own')).training?.summary).toContain('3 pictures of other tissue');
      const bundled = await lines.run(...fitTo('image.tif', 'bundled'), '--json');
      expect(JSON.parse(bundled.stdout)).toMatchObject({ pictures: 10 });
      expect((await cardOf('own')).citation).not.toContain('Gerhard');
      expect((await cardOf('bundled')).citation).toContain('Gerhard');
    },
    slow,
  );

  it(
    'refuses what it can not do in words',
    async () => {
      const failing = async (...words: string[]): Promise<string> =>
        failureOf(await lines.run(...words, '--json')).message;
      expect(await failing(...fitTo('blank.tif', 'a'), ...learnt)).toContain('shows tissue');
      expect(await failing(...fitTo('image.tif', 'b'), '--conditioning', 'flat')).toContain(
        '--conditioning is "flat"',
      );
      expect(await failing(...fitTo('image.tif', 'c'), ...learnt.slice(0, 2))).toContain(
        '--membrane',
      );
      expect(await failing(...fitTo('image.tif', 'd'), '--pictures', 'small.tif')).toContain(
        "own map can't be learnt",
      );
      expect(await failing(...fitTo('image.tif', 'e'), '--pictures', 'gone.tif')).toContain(
        'gone.tif',
      );
    },
    slow,
  );
});
