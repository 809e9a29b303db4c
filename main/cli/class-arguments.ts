import { openStack } from '#main/stacks/open-stack';
import type { LabelledClass } from '../compute/requests';
import { usageError, type Arguments } from './arguments';

/** Of the classes in the order in which they are named; colours that colour-blind eyes tell apart (Okabe and Ito). */
const colours = ['#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7'] as const;
/** Interior and membrane have the first two numbers. */
const FIRST_ID = 3;

interface ClassWord {
  readonly name: string;
  readonly value: number;
  /** null = the labels of the membranes. */
  readonly stack: string | null;
}

function parse(word: string, args: Arguments): ClassWord {
  const match = /^([^=]+)=([^:]+)(?::(.+))?$/.exec(word);
  const name = match?.[1]?.trim() ?? '';
  if (name === '' || name.length > 60)
    throw usageError(
      `--class is "${word}", not NAME=VALUE or NAME=VALUE:STACK with a name of at most 60 letters.`,
      'train',
    );
  const value = args.labelValue('class', match?.[2] ?? '');
  return { name, value, stack: match?.[3] ?? null };
}

/**
 * The classes of `--class`, for a stack whose labels are at `labels`.
 * @throws MembranaError usage, and what opening a label stack throws
 */
export async function labelledClasses(
  args: Arguments,
  labels: LabelledClass['labels'],
  stacks: number,
  signal: AbortSignal,
): Promise<LabelledClass[]> {
  const words = args.all('class').map((word) => parse(word, args));
  const classes: LabelledClass[] = [];
  for (const [i, { name, value, stack }] of words.entries()) {
    if (classes.some((one) => one.name.toLocaleLowerCase() === name.toLocaleLowerCase()))
      throw usageError(`--class names "${name}" twice.`, 'train');
    if (stack !== null && stacks > 1)
      throw usageError('With several stacks a class is a value of their own labels.', 'train');
    let reference = labels;
    if (stack !== null) {
      const source = await openStack(args.path(stack), { signal });
      reference = await source.reference();
      await source.close();
    }
    const colour = colours[i % colours.length] ?? colours[0];
    classes.push({ id: FIRST_ID + i, name, colour, labels: reference, value });
  }
  return classes;
}
