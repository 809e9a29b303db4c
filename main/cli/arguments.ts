import { resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { MembranaError } from '#contract/errors';
import { parseLabelValue } from '#main/stacks/label-values';

/** Options that every command takes. */
const everywhere = {
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export function usageError(message: string, command: string): MembranaError {
  return new MembranaError('usage', message, {
    hint: `"membrana ${command} --help" shows how it is used, with an example.`.replace('  ', ' '),
    data: { command },
  });
}

/** The words after a command's name, checked and typed at the moment they are asked for. */
export class Arguments {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];

  constructor(
    private readonly command: string,
    /** Where relative paths start: the folder in which the command was typed. */
    private readonly folder: string,
    parsed: { values: Readonly<Record<string, unknown>>; positionals: readonly string[] },
  ) {
    this.#values = parsed.values;
    this.positionals = parsed.positionals;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | null {
    const value = this.#values[name];
    return typeof value === 'string' ? value : null;
  }

  /** Every value of an option that may be given several times, in their order. */
  all(name: string): string[] {
    const value = this.#values[name];
    if (typeof value === 'string') return [value];
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === null || value === '') throw usageError(`--${name} is missing.`, this.command);
    return value;
  }

  /** The n-th word that is not an option. */
  positional(index: number, what: string): string {
    const value = this.positionals[index];
    if (value === undefined || value === '') throw usageError(`${what} is missing.`, this.command);
    return value;
  }

  /** @throws MembranaError usage when more words stand there than the command takes */
  atMost(count: number): void {
    const extra = this.positionals[count];
    if (extra !== undefined) throw usageError(`"${extra}" is one word too many.`, this.command);
  }

  path(text: string): string {
    return resolve(this.folder, text);
  }

  number(
    name: string,
    limits: { readonly min: number; readonly max: number; readonly whole?: boolean },
  ): number | null {
    const text = this.text(name);
    return text === null ? null : this.asNumber(name, text, limits);
  }

  /** @throws MembranaError usage when `text`, given for an option, is no such number */
  asNumber(name: string, text: string, limits: Parameters<Arguments['number']>[1]): number {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    const { min, max, whole = false } = limits;
    if (
      !Number.isFinite(value) ||
      value < min ||
      value > max ||
      (whole && !Number.isInteger(value))
    ) {
      const kind = whole ? 'a whole number' : 'a number';
      throw usageError(`--${name} is "${text}", not ${kind} from ${min} to ${max}.`, this.command);
    }
    return value;
  }

  /** A label value: a number, or a colour as `#ff0000` or `red`. @throws MembranaError usage */
  labelValue(name: string, text: string): number {
    const value = parseLabelValue(text);
    if (Number.isSafeInteger(value) || (Number.isFinite(value) && Math.abs(value) < 2 ** 53))
      return value;
    throw usageError(
      `--${name} is "${text}", not a label value: a number below 2^53, or a colour as '#ff0000'.`,
      this.command,
    );
  }

  /** The channel of `--channel`, counted from 0. */
  channel(): number | null {
    return this.number('channel', { min: 0, max: 65_535, whole: true });
  }

  requiredNumber(name: string, limits: Parameters<Arguments['number']>[1]): number {
    const value = this.number(name, limits);
    if (value === null) throw usageError(`--${name} is missing.`, this.command);
    return value;
  }

  oneOf<const Choice extends string>(
    name: string,
    choices: readonly Choice[],
    otherwise: Choice,
  ): Choice {
    const text = this.text(name);
    if (text === null) return otherwise;
    const choice = choices.find((one) => one === text);
    if (choice === undefined)
      throw usageError(`--${name} is "${text}"; choose ${choices.join(', ')}.`, this.command);
    return choice;
  }
}

/** @throws MembranaError usage, naming the word that is not understood */
export function parseArguments(
  command: { readonly name: string; readonly options: NonNullable<ParseArgsConfig['options']> },
  words: readonly string[],
  folder: string,
): Arguments {
  try {
    const parsed = parseArgs({
      args: [...words],
      options: { ...command.options, ...everywhere },
      allowPositionals: true,
      strict: true,
    });
    return new Arguments(command.name, folder, parsed);
  } catch (error) {
    const message = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw usageError(`${message ?? 'The options are not understood'}.`, command.name);
  }
}
