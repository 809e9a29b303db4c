import { isAbsolute, join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { root } from './places';

const Options = z.object({
  peers: z.boolean(),
  quick: z.boolean(),
  folds: z.coerce.number().int().min(1).max(3),
  minutes: z.coerce.number().positive(),
  steps: z.coerce.number().int().positive().optional(),
  threads: z.coerce.number().int().positive(),
  base: z.coerce.number().int().min(4).max(64),
  seed: z.coerce.number().int().nonnegative(),
  engine: z.enum(['auto', 'tensorflow', 'onnx']),
  results: z.string().optional(),
});
/** How long everyone trains: on the clock, or, where other programs share the processor, for as many steps. */
export type Budget =
  | { readonly kind: 'seconds'; readonly seconds: number }
  | { readonly kind: 'steps'; readonly steps: number };

export type AccuracyOptions = Omit<z.infer<typeof Options>, 'results' | 'minutes' | 'steps'> & {
  readonly budget: Budget;
  /** Folder in which every finished part is kept, so that a broken run goes on. */
  readonly results: string;
};

/** `--quick` tries every part: one fold, twenty seconds; its figures mean nothing. */
export function accuracyOptions(words: readonly string[]): AccuracyOptions {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...words],
    options: {
      peers: flag,
      quick: flag,
      folds: text,
      minutes: text,
      steps: text,
      threads: { ...text, default: '2' },
      base: { ...text, default: '8' },
      seed: { ...text, default: '0' },
      engine: { ...text, default: 'auto' },
      results: text,
    },
  });
  const { results, minutes, steps, ...options } = Options.parse({
    ...values,
    folds: values.folds ?? (values.quick ? '1' : '3'),
    minutes: values.minutes ?? (values.quick ? String(1 / 3) : '5'),
  });
  const { base, threads, seed, engine } = options;
  const budget: Budget =
    steps === undefined
      ? { kind: 'seconds', seconds: Math.round(minutes * 60) }
      : { kind: 'steps', steps };
  const length = budget.kind === 'steps' ? `${budget.steps}-steps` : `${budget.seconds}s`;
  const name = `base-${base}-${length}-${threads}t-seed-${seed}-${engine}${options.quick ? '-quick' : ''}`;
  const typedIn = process.env['INIT_CWD'] ?? process.cwd();
  return {
    ...options,
    budget,
    results:
      results === undefined
        ? join(root, '.cache', 'bench', 'accuracy', name)
        : isAbsolute(results)
          ? results
          : join(typedIn, results),
  };
}
