import { parseArgs } from 'node:util';
import { z } from 'zod';

/** Which engine computes; `auto` is the one that the app would take. */
export type RaceEngine = 'onnx' | 'tensorflow' | 'auto';
/** Where our side runs: a child of this Node, or a utility process of Electron, as in the app. */
export type Place = 'node' | 'electron';
/** What our side computes inference in. */
export type Precision = 'float' | 'int8';
/** `cpu` counts processor time over all threads, which other programs on the machine distort less than time on the wall. */
export type Clock = 'wall' | 'cpu';

export interface RaceOptions {
  readonly peers: boolean;
  readonly rounds: number;
  /** null = every one that is set up here. */
  readonly engine: RaceEngine | null;
  readonly place: Place | null;
  readonly precision: Precision | null;
  readonly clock: Clock;
  readonly bases: readonly number[];
  readonly threads: readonly number[];
}

/** What one of our processes in the race is told. */
export interface SideOptions {
  readonly engine: RaceEngine;
  readonly base: number;
  readonly threads: number;
  readonly precision: Precision;
  readonly clock: Clock;
}

/** Whole numbers with commas between them. */
const Numbers = z
  .string()
  .regex(/^[1-9]\d*(,[1-9]\d*)*$/)
  .transform((text) => text.split(',').map(Number));

const Values = z.object({
  peers: z.boolean(),
  quick: z.boolean(),
  side: z.boolean(),
  engine: z.enum(['onnx', 'tensorflow', 'auto']).optional(),
  place: z.enum(['node', 'electron']).optional(),
  precision: z.enum(['float', 'int8']).optional(),
  clock: z.enum(['wall', 'cpu']),
  base: Numbers,
  threads: Numbers,
});

/** The options of a race of networks; in a process that is one side of it, those of the side. `words` as on the command line. */
export function raceOptions(
  words: readonly string[],
):
  | { readonly role: 'race'; readonly options: RaceOptions }
  | { readonly role: 'side'; readonly options: SideOptions } {
  const { values } = parseArgs({
    args: [...words],
    options: {
      peers: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      side: { type: 'boolean', default: false },
      engine: { type: 'string' },
      place: { type: 'string' },
      precision: { type: 'string' },
      clock: { type: 'string', default: 'wall' },
      base: { type: 'string', default: '8,16' },
      threads: { type: 'string', default: '1,2' },
    },
  });
  const {
    peers,
    quick,
    side,
    engine,
    place,
    precision,
    clock,
    base: bases,
    threads,
  } = Values.parse(values);
  const [base = 8] = bases;
  const [count = 1] = threads;
  if (side) {
    const options = { engine: engine ?? 'auto', base, threads: count, clock };
    return { role: 'side', options: { ...options, precision: precision ?? 'float' } };
  }
  const rounds = quick ? 3 : 11;
  const chosen = { engine: engine ?? null, place: place ?? null, precision: precision ?? null };
  return { role: 'race', options: { peers, rounds, ...chosen, clock, bases, threads } };
}

/** The words that make a process one side of the race. */
export function sideWords({
  engine,
  base,
  threads,
  precision,
  clock,
}: SideOptions): readonly string[] {
  return [
    '--side',
    ...['--engine', engine],
    ...['--base', String(base)],
    ...['--threads', String(threads)],
    ...['--precision', precision],
    ...['--clock', clock],
  ];
}
