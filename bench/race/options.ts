import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly peers: boolean;
  readonly rounds: number;
  readonly threads: number;
  readonly base: number;
  /** What our side computes inference in. */
  readonly precision: 'float' | 'int8';
  /** `cpu` counts processor time over all threads, which other programs on the machine distort less than time on the wall. */
  readonly clock: 'wall' | 'cpu';
  /** Set in the process that is one side of the race. */
  readonly side: boolean;
}

function oneOf<T extends string>(name: string, allowed: readonly T[], value: string): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new Error(`--${name} takes ${allowed.join(' or ')}`);
  return found;
}

/** What every benchmark understands; `--quick` takes 3 samples a side instead of 11. */
export function benchOptions(): BenchOptions {
  const { values } = parseArgs({
    options: {
      peers: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      threads: { type: 'string', default: '2' },
      base: { type: 'string', default: '8' },
      precision: { type: 'string', default: 'float' },
      clock: { type: 'string', default: 'wall' },
      side: { type: 'boolean', default: false },
    },
  });
  return {
    peers: values.peers,
    rounds: values.quick ? 3 : 11,
    threads: Number(values.threads),
    base: Number(values.base),
    precision: oneOf('precision', ['float', 'int8'], values.precision),
    clock: oneOf('clock', ['wall', 'cpu'], values.clock),
    side: values.side,
  };
}
