import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly peers: boolean;
  readonly rounds: number;
  readonly threads: number;
  readonly base: number;
  /** Set in the process that is one side of the race. */
  readonly side: boolean;
}

/** What every benchmark understands; `--quick` takes 3 samples a side instead of 11. */
export function benchOptions(): BenchOptions {
  const { values } = parseArgs({
    options: {
      peers: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      threads: { type: 'string', default: '2' },
      base: { type: 'string', default: '8' },
      side: { type: 'boolean', default: false },
    },
  });
  return {
    peers: values.peers,
    rounds: values.quick ? 3 : 11,
    threads: Number(values.threads),
    base: Number(values.base),
    side: values.side,
  };
}
