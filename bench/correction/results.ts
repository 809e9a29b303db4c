import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelClass } from '#contract/entities';
import { Comparison } from '#main/compute/requests';

const Scores = z.object({
  vInfo: z.number(),
  vRand: z.number(),
  dice: z.number(),
  steady: z.object({ threshold: z.number(), light: z.string(), vInfo: z.number() }),
  /** Of the setting's own class: Dice at its stored threshold, and the best over thresholds. */
  ownClass: z
    .object({
      dice: z.number(),
      threshold: z.number(),
      best: z.object({ threshold: z.number(), dice: z.number() }),
    })
    .nullable()
    .default(null),
});

/** One version of one arm: round 0 is where it starts. */
export const ResultRow = z.object({
  setting: z.string(),
  arm: z.string(),
  seed: z.number(),
  round: z.number(),
  /** On the slices that nobody corrected. */
  scores: Scores,
  verdict: z.enum(['accepted', 'kept-aside', 'offered']).nullable(),
  reason: z.string(),
  comparison: Comparison.nullable(),
  /** What the version finds beside membrane. */
  classes: z.array(ModelClass).default([]),
  /** Of this round's new slices, together. */
  strokes: z.number(),
  paintedPixels: z.number(),
  mistakes: z.number(),
  /** Processor seconds of the round, over all threads. */
  cpuSeconds: z.number(),
});
export type ResultRow = z.infer<typeof ResultRow>;

export type ArmKey = Pick<ResultRow, 'setting' | 'arm' | 'seed'>;

/** Raw results, a line each, and what a broken run needs to go on: weights and labels of each arm. */
export class Results {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  get #lines(): string {
    return join(this.#folder, 'rounds.jsonl');
  }

  rows(): ResultRow[] {
    if (!existsSync(this.#lines)) return [];
    return readFileSync(this.#lines, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ResultRow.parse(JSON.parse(line)));
  }

  rowsOf({ setting, arm, seed }: ArmKey): ResultRow[] {
    return this.rows().filter(
      (row) => row.setting === setting && row.arm === arm && row.seed === seed,
    );
  }

  /** Keeps bytes of an arm under a name. */
  keep(key: ArmKey, name: string, bytes: Uint8Array): void {
    writeFileSync(this.#path(key, name), bytes);
  }

  kept(key: ArmKey, name: string): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(readFileSync(this.#path(key, name)));
  }

  /** Comes last, when everything that goes with it is kept. */
  add(row: ResultRow): void {
    appendFileSync(this.#lines, `${JSON.stringify(row)}\n`);
  }

  #path({ setting, arm, seed }: ArmKey, name: string): string {
    const folder = join(this.#folder, `${setting}-${arm.replace(':', '-')}-${String(seed)}`);
    mkdirSync(folder, { recursive: true });
    return join(folder, name);
  }
}
