import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ModelClass } from '#contract/entities';
import { trainOnStacks } from '#main/compute/handlers/training/train-on-stacks';
import type { TrainParams, TrainResult } from '#main/compute/requests';
import { sourceReference } from '#main/stacks/open-stack';
import { selectEngine } from '#model/engines/select';
import { parseNetwork } from '#model/network/parse-network';
import { unet } from '#model/network/unet';
import { defaultNetwork } from '#model/training/defaults';
import { classTest, type TrainedClasses } from './classes/test-scores';
import { readSlices } from './correction/stacks';
import { printRows, type BenchRow } from './race/report';

/**
 * What does a class beside membrane cost the membranes, and how well is it
 * found? Two networks learn from slices 0–9 of VNC stack 1 in as many steps:
 * membranes alone, and membranes with mitochondria. Thresholds come from
 * slices 10 and 11, scores from 12–15, whole slices.
 */
const root = resolve(import.meta.dirname, '..', '..');
const { values: options } = parseArgs({
  options: {
    data: {
      type: 'string',
      default: process.env['MEMBRANA_DATA'] ?? join(root, '..', 'shared', 'data'),
    },
    results: { type: 'string', default: join(root, '.cache', 'bench', 'classes') },
    arms: { type: 'string', default: 'membranes,classes' },
    seeds: { type: 'string', default: '0' },
    steps: { type: 'string', default: '600' },
    threads: { type: 'string', default: process.env['MEMBRANA_THREADS'] ?? '2' },
    quick: { type: 'boolean', default: false },
    // There is none; every line takes the word, so that all can run at once.
    peers: { type: 'boolean', default: false },
  },
});
const slices = {
  train: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  validate: [10, 11],
  scored: [12, 13, 14, 15],
};
const threads = Number(options.threads);
const steps = options.quick ? 2 : Number(options.steps);
const results = options.quick ? `${options.results}-quick` : options.results;
const vnc = (name: string): string => join(options.data, 'vnc', `stack1-${name}.tif`);

const Row = z.object({
  arm: z.string(),
  seed: z.number(),
  steps: z.number(),
  vInfo: z.number(),
  vRand: z.number(),
  dice: z.number(),
  thresholds: z.object({ topology: z.number(), pixel: z.number() }),
  classes: z.array(ModelClass),
  classDice: z.number().nullable(),
  classBest: z.object({ threshold: z.number(), dice: z.number() }).nullable(),
  seconds: z.number(),
});
type Row = z.infer<typeof Row>;

mkdirSync(results, { recursive: true });
const lines = join(results, 'rows.jsonl');
const done = existsSync(lines)
  ? readFileSync(lines, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => Row.parse(JSON.parse(line)))
  : [];

const engine = await selectEngine({ engine: 'auto', device: 'cpu', threads });
const image = await sourceReference(vnc('raw'));
const labels = await sourceReference(vnc('membranes'));
const mitochondria = await sourceReference(vnc('mitochondria'));
const truth = async (name: string) => {
  const read = await readSlices(vnc(name));
  return { ...read, slices: read.slices.map((one) => one.map((value) => (value > 0 ? 1 : 0))) };
};
const wanted = { id: 3, name: 'mitochondria', colour: '#009e73' };

async function trained(arm: string, seed: number): Promise<TrainResult> {
  const classes = arm === 'classes' ? [{ ...wanted, labels: mitochondria, value: 255 }] : [];
  const path = join(results, `${arm}-${String(seed)}-${String(steps)}.checkpoint`);
  const source = { image, labels, membrane: 255, void: null, classes, ...slices };
  const data = { kind: 'stacks' as const, sources: [source] };
  const params: TrainParams = {
    data,
    start: { kind: 'fresh', baseFilters: defaultNetwork.baseFilters },
    budget: { steps, seconds: null },
    seed,
    checkpoint: { path, resume: existsSync(path), every: null },
    choice: { engine: 'auto', device: 'cpu', threads },
  };
  const { signal } = new AbortController();
  const network = unet({ ...defaultNetwork, classes: 1 + classes.length });
  const progress = (event: { readonly kind: string; readonly step?: number }): void => {
    if (event.kind === 'step' && (event.step ?? 0) % 20 === 0)
      process.stderr.write(`${arm} ${JSON.stringify(event)}\n`);
  };
  return trainOnStacks(
    { params, context: { signal, progress }, engine, network, start: null },
    data,
  );
}

for (const seed of options.seeds.split(',').map(Number))
  for (const arm of options.arms.split(',')) {
    if (done.some((row) => row.arm === arm && row.seed === seed && row.steps === steps)) continue;
    const result = await trained(arm, seed);
    const version: TrainedClasses = {
      network: parseNetwork(result.network),
      weights: result.weights,
      thresholds: result.thresholds,
      classes: result.classes,
    };
    writeFileSync(
      join(results, `${arm}-${String(seed)}-${String(steps)}.weights`),
      new Uint8Array(result.weights.buffer),
    );
    const scores = await classTest(
      engine,
      version,
      image,
      { membranes: await truth('membranes'), first: await truth('mitochondria') },
      slices.scored,
    );
    const { thresholds, classes, seconds } = result;
    const row: Row = { arm, seed, steps, ...scores, thresholds, classes, seconds };
    done.push(row);
    appendFileSync(lines, `${JSON.stringify(row)}\n`);
    process.stderr.write(`${JSON.stringify(row)}\n`);
  }

const numbers = ['vInfo', 'vRand', 'dice', 'classDice'] as const;
printRows(
  done.flatMap((row) =>
    numbers.map((unit): BenchRow => ({
      line: 'classes',
      case: `${row.arm}, seed ${String(row.seed)}, ${String(row.steps)} steps`,
      unit,
      ours: row[unit],
      peer: null,
      peerName: null,
      ratio: null,
      threads,
      samples: slices.scored.length,
    })),
  ),
);
