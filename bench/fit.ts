import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { parseConditioning } from '#contract/conditioning-text';
import { parseSliceRange } from '#contract/slice-range';
import { FitReport } from '#main/compute/requests';
import { runCommand } from './accuracy/command-line';
import { looks } from './conditioning/looks';
import { fitScore, type FitScore } from './fit/fit-score';
import { drawLook } from './fit/look-stack';
import { printRows, type BenchRow } from './race/report';

/**
 * What does a fit to the stack win, without a label of it? Looks of VNC stack
 * 1, conditioned as its damage asks, through the command line's `fit`; learnt
 * from ISBI pictures only, so that no slice under test teaches. Whole slices
 * at the stored thresholds, before and after. Finished cases are kept.
 */
const root = resolve(import.meta.dirname, '..', '..');
const { values: options } = parseArgs({
  options: {
    data: {
      type: 'string',
      default: process.env['MEMBRANA_DATA'] ?? join(root, '..', 'shared', 'data'),
    },
    models: { type: 'string', default: 'isbi-base8,general' },
    looks: { type: 'string', default: 'hard,mild,blur,native' },
    seeds: { type: 'string', default: '0,1' },
    steps: { type: 'string', default: '120' },
    /** How many of ISBI's slices are learnt from. */
    pictures: { type: 'string', default: '0-23' },
    /** `own`: the starting model's map of the clean pictures is the target. */
    targets: { type: 'string', default: 'expert' },
    slices: { type: 'string', default: '12-15' },
    results: { type: 'string', default: join(root, '.cache', 'bench', 'fit') },
    threads: { type: 'string', default: '2' },
    quick: { type: 'boolean', default: false },
    // There is none; every line takes the word, so that all can run at once.
    peers: { type: 'boolean', default: false },
  },
});
/** As correction-loop rounds condition them; what is not named is taken as it is. */
const conditionings: Readonly<Record<string, string>> = {
  hard: 'flat=64,smooth=1.5',
  mild: 'flat=64,smooth=1',
};
const threads = Number(options.threads);
const list = (text: string): string[] => text.split(',').filter((word) => word !== '');
const slices = parseSliceRange(options.slices, 16);
const vnc = (name: string): string => join(options.data, 'vnc', `stack1-${name}.tif`);
const isbi = (name: string): string => join(options.data, 'isbi2012', `train-${name}.tif`);

const Score = z.object({
  vInfo: z.number(),
  vRand: z.number(),
  dice: z.number(),
  bestVInfo: z.number(),
});
const Kept = z.object({
  key: z.string(),
  before: Score,
  after: Score,
  fitted: FitReport.extend({ verdict: z.string(), seconds: z.number(), model: z.string() }),
});
type Kept = z.infer<typeof Kept>;

await mkdir(options.results, { recursive: true });
const keptFile = join(options.results, 'results.jsonl');
const keptText = existsSync(keptFile) ? await readFile(keptFile, 'utf8') : '';
const kept = new Map(
  keptText
    .split('\n')
    .filter((line) => line !== '')
    // Of an earlier form: measured again.
    .flatMap((line) => Kept.safeParse(JSON.parse(line)).data ?? [])
    .map((one) => [one.key, one]),
);
const starts = new Map<string, FitScore>();

async function measure(look: string, model: string, seed: string): Promise<Kept> {
  const { steps, pictures, targets } = options;
  const text = conditionings[look] ?? 'none';
  const key = [look, text, model, seed, steps, pictures, targets, options.slices].join(' ');
  const known = kept.get(key);
  if (known !== undefined) return known;
  const drawn = looks.find(({ name }) => name === look);
  const conditioning = parseConditioning(text);
  if (drawn === undefined || conditioning === null) throw new Error(`There is no look "${look}".`);
  const stack = join(options.results, `${look}.tif`);
  await drawLook(drawn, vnc('raw'), stack);
  const scored = { stack, labels: vnc('membranes'), slices, conditioning, threads };
  const begun = `${look} ${text} ${model} ${options.slices}`;
  const bundled = join(root, 'resources', 'models', model);
  const before = starts.get(begun) ?? (await fitScore({ ...scored, folder: bundled }));
  starts.set(begun, before);
  const out = join(options.results, `${key.replace(/[^\w=.-]+/g, '_')}-${String(Date.now())}`);
  const labelled =
    targets === 'own'
      ? [isbi('volume')]
      : [`${isbi('volume')}:${isbi('labels')}`, '--membrane', '0'];
  const answer = await runCommand(
    [
      ...['fit', stack, '--model', model, '--out', out, '--conditioning', text],
      ...['--pictures', ...labelled, '--picture-slices', pictures],
      ...['--steps', steps, '--seed', seed, '--quiet'],
    ],
    threads,
  );
  const fitted = Kept.shape.fitted.parse(answer);
  const after = await fitScore({ ...scored, folder: out });
  const result = { key, before, after, fitted };
  await appendFile(keptFile, `${JSON.stringify(result)}\n`);
  return result;
}

const rows: BenchRow[] = [];
const names = options.quick ? ['hard'] : list(options.looks);
const models = options.quick ? ['isbi-base8'] : list(options.models);
const seeds = options.quick ? ['0'] : list(options.seeds);
for (const look of names)
  for (const model of models)
    for (const seed of seeds) {
      const { before, after, fitted } = await measure(look, model, seed);
      process.stderr.write(
        `${look} ${model} ${seed}: ${JSON.stringify({ before, after, fitted })}\n`,
      );
      for (const unit of ['vInfo', 'bestVInfo', 'vRand', 'dice'] as const)
        rows.push({
          line: 'fit',
          case: `${look}, ${model}, seed ${seed}, ${unit}`,
          unit,
          ours: after[unit],
          peer: before[unit],
          peerName: 'not fitted',
          ratio: after[unit] / before[unit],
          threads,
          samples: slices.length,
        });
    }
printRows(rows);
