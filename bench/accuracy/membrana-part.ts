import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { formatSliceRange } from '#contract/slice-range';
import { runCommand } from './command-line';
import type { Fold } from './folds';
import type { LabelledStack } from './labelled-stack';
import type { AccuracyOptions, Budget } from './options';
import type { CurvePoint, Part } from './part';

const Trained = z.object({
  model: z.string(),
  steps: z.number(),
  seconds: z.number(),
  engine: z.string(),
  device: z.string(),
  validation: z.object({ vInfo: z.number(), threshold: z.number(), pixelThreshold: z.number() }),
});
const Event = z.looseObject({ event: z.string() });
const Step = z.object({ secondsLeft: z.number().nullable() });
const Validation = z.object({ step: z.number(), vInfo: z.number() });

/** From the lines of `--events`. A run on time knows what is left of it, one of some steps only guesses: its seconds are 0. A validation belongs to the step before it. */
export function curveOf(lines: readonly string[], budget: Budget): CurvePoint[] {
  const curve: CurvePoint[] = [];
  let seconds = 0;
  for (const line of lines) {
    const event = Event.parse(JSON.parse(line));
    if (event.event === 'step') {
      const { secondsLeft } = Step.parse(event);
      if (secondsLeft !== null && budget.kind === 'seconds') seconds = budget.seconds - secondsLeft;
    }
    if (event.event === 'validation') curve.push({ seconds, ...Validation.parse(event) });
  }
  return curve;
}

/** Trains and segments through our command line, with the recipe that it has. The model stays in `folder`. */
export async function membranaPart(
  folder: string,
  fold: Fold,
  stack: LabelledStack,
  options: AccuracyOptions,
): Promise<Part> {
  const { budget, base, seed, engine, threads } = options;
  const model = join(folder, 'model');
  const events = join(folder, 'events.jsonl');
  const maps = join(folder, 'ours.tif');
  await rm(model, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const began = performance.now();
  const trained = Trained.parse(
    await runCommand(
      [
        ...['train', '--image', stack.image, '--labels', stack.labels],
        ...['--membrane', String(stack.membrane), '--out', model, '--events', events],
        ...['--train', formatSliceRange([...fold.train])],
        ...['--validate', formatSliceRange([...fold.choose])],
        ...(budget.kind === 'steps'
          ? ['--steps', String(budget.steps)]
          : ['--minutes', String(budget.seconds / 60)]),
        ...['--base-filters', String(base)],
        ...['--seed', String(seed), '--engine', engine, '--device', 'cpu'],
      ],
      threads,
    ),
  );
  const all = (performance.now() - began) / 1000;
  await runCommand(
    [
      ...['segment', stack.image, '--model', model, '--out', maps],
      ...['--slices', formatSliceRange([...fold.score]), '--engine', engine, '--device', 'cpu'],
    ],
    threads,
  );
  const lines = readFileSync(events, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const { validation } = trained;
  return {
    name: 'Membrana',
    maps,
    thresholds: { topology: validation.threshold, pixel: validation.pixelThreshold },
    steps: trained.steps,
    seconds: trained.seconds,
    curve: curveOf(lines, budget),
    notes: `${all.toFixed(0)} s with start and validation; ${trained.engine}, ${trained.device}`,
  };
}
