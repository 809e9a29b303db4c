import type { ParseArgsConfig } from 'node:util';
import type { Arguments } from './arguments';
import type { Context } from './context';

/** What a command leaves: a document for `--json`, lines for people, and 0 = done or 1 = the answer is no. */
export interface Outcome {
  readonly value: unknown;
  readonly text: string;
  readonly exitCode: 0 | 1;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Arguments as the help shows them, without the program's name. */
  readonly usage: string;
  /** A line an option. */
  readonly help: readonly string[];
  readonly example: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  run(args: Arguments, context: Context): Promise<Outcome>;
}
