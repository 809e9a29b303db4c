import { MembranaError } from '#contract/errors';

/** Names are read with nine digits at most. */
export const LARGEST_NUMBER = 999_999_999;

/** A number as it stands in names of files: at least six digits. */
export function fileNumber(number: number): string {
  return String(number).padStart(6, '0');
}

/** The number that stands in a name; null for digits that `fileNumber` would not write. */
export function parseFileNumber(digits: string | undefined): number | null {
  const number = Number(digits);
  return digits !== undefined && number <= LARGEST_NUMBER && fileNumber(number) === digits
    ? number
    : null;
}

/**
 * The number for the next file after those that are there. `what`: these
 * files, for a person.
 *
 * @throws MembranaError project.corrupt where the last number is taken: no
 *   project gets there by itself
 */
export function numberAfter(numbers: Iterable<number>, what: string): number {
  let largest = 0;
  for (const number of numbers) largest = Math.max(largest, number);
  if (largest < LARGEST_NUMBER) return largest + 1;
  throw new MembranaError(
    'project.corrupt',
    `No number is left for ${what}: a file with the number ${String(largest)} lies there.`,
    {
      hint: 'Take the file with that number out of the project folder, then try again.',
      safe: 'Nothing was changed.',
      data: { what },
    },
  );
}
