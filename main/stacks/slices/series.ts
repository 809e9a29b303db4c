import type { StackWarning } from '#contract/entities';
import { naturalOrder } from './natural-order';

/** What the files of a folder are: one series of slices, several, or none. */
export type Series =
  | {
      readonly kind: 'one';
      /** In the order of the slices. */
      readonly names: readonly string[];
      readonly warnings: readonly StackWarning[];
    }
  /** One line a series: its pattern and how many slices it has. */
  | { readonly kind: 'several'; readonly lines: readonly string[] }
  | { readonly kind: 'none' };

const PICTURE = /\.(tiff?|png|jpe?g)$/i;
/** Files that systems leave in folders of pictures. */
const CLUTTER = new Set(['thumbs.db', 'desktop.ini', 'ehthumbs.db']);
/** Gaps that are told one by one. */
const MOST_GAPS = 12;
/** Series and left-out files that are named. */
const MOST_NAMED = 8;

/** Whether a file is a picture that can be a slice: hidden files and what systems leave behind are none. */
export function isSliceName(name: string): boolean {
  return !name.startsWith('.') && !CLUTTER.has(name.toLowerCase()) && PICTURE.test(name);
}

/** A name without its numbers: what the slices of one series have in common. */
function patternOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.jpeg$/, '.jpg')
    .replace(/\.tiff$/, '.tif')
    .replace(/\d+/g, '#');
}

/** The numbers of a name, in the order in which they stand in it. */
function numbersOf(name: string): string[] {
  return (name.match(/\d+/g) ?? []).map((digits) => digits.replace(/^0+(?=\d)/, ''));
}

/**
 * The slices among the names of a folder. Files whose names differ in their
 * numbers alone are a series; single pictures beside one are left out and named.
 */
export function seriesOf(names: readonly string[]): Series {
  const byPattern = new Map<string, string[]>();
  for (const name of names.filter(isSliceName)) {
    const pattern = patternOf(name);
    byPattern.set(pattern, [...(byPattern.get(pattern) ?? []), name]);
  }
  const all = [...byPattern].map(([pattern, files]) => ({
    pattern,
    files: files.sort(naturalOrder),
  }));
  const long = all.filter(({ files }) => files.length > 1);
  const [first] = long;
  if (all.length === 0) return { kind: 'none' };
  if (first === undefined) return unnumbered(all.flatMap(({ files }) => files));
  if (long.length > 1)
    return {
      kind: 'several',
      lines: long
        .sort((a, b) => b.files.length - a.files.length)
        .slice(0, MOST_NAMED)
        .map(({ pattern, files }) => `${pattern} (${files.length} slices)`),
    };
  const others = all.filter((one) => one !== first).flatMap(({ files }) => files);
  return oneSeries(first.pattern, first.files, others);
}

/** Pictures of which no two have the same name but for numbers. */
function unnumbered(files: readonly string[]): Series {
  const names = [...files].sort(naturalOrder);
  if (names.length === 1) return { kind: 'one', names, warnings: [] };
  const message = `The slices have no numbers in common; they are in the order of their names, from ${names[0] ?? ''} to ${names.at(-1) ?? ''}.`;
  return { kind: 'one', names, warnings: [{ code: 'slices-unnumbered', message }] };
}

/** A number of the names, as it stands in each of them. */
type Column = readonly string[];

function oneSeries(pattern: string, names: readonly string[], others: readonly string[]): Series {
  const columns = numbersOf(names[0] ?? '').map((_, at) =>
    names.map((name) => numbersOf(name)[at] ?? ''),
  );
  const varying = columns.filter((column) => new Set(column).size > 1);
  // A number that no two slices share counts them; others (a time, a position) go along with it.
  const [counting, ...more] = varying.filter((column) => new Set(column).size === names.length);
  if (counting === undefined)
    return {
      kind: 'several',
      lines: varying.length > 1 ? gridLines(pattern, varying) : twinLines(names),
    };
  const order = orderBy(counting);
  const warnings = [
    ...gapWarnings(counting),
    ...orderWarnings(names, order, more),
    ...othersWarnings(others),
  ];
  return { kind: 'one', names: order.map((at) => names[at] ?? ''), warnings };
}

/** Places of a column, the smallest number first. */
function orderBy(column: Column): number[] {
  return column.map((_, at) => at).sort((a, b) => naturalOrder(column[a] ?? '', column[b] ?? ''));
}

/** What is to be said where another number counts the slices, too, and otherwise. */
function orderWarnings(
  names: readonly string[],
  order: readonly number[],
  more: readonly Column[],
): StackWarning[] {
  if (more.every((column) => orderBy(column).every((place, at) => place === order[at]))) return [];
  const [first = '', last = ''] = [names[order[0] ?? 0], names[order.at(-1) ?? 0]];
  const message = `The names of the slices have two numbers that would put them in different orders; they are in that of the first one, from ${first} to ${last}.`;
  return [{ code: 'slices-order', message }];
}

/** Files of one number, which can't both be the slice: 1.tif and 01.tif, or s1.tif and s1.tiff. */
function twinLines(names: readonly string[]): string[] {
  const byNumber = new Map<string, string[]>();
  for (const name of names) {
    const number = numbersOf(name).join(' ');
    byNumber.set(number, [...(byNumber.get(number) ?? []), name]);
  }
  return [...byNumber.values()]
    .filter((files) => files.length > 1)
    .slice(0, MOST_NAMED)
    .map((files) => `${files.join(' and ')} have the same number`);
}

/** Several numbers that vary by themselves: slices of several channels, times or tiles. */
function gridLines(pattern: string, varying: readonly Column[]): string[] {
  return varying.map(
    (column, at) =>
      `${pattern}: number ${at + 1} of those that vary takes ${new Set(column).size} values`,
  );
}

/** Numbers that are left out between the first and the last slice; steps that are all alike are no gaps. */
function gapWarnings(column: Column): StackWarning[] {
  const numbers = column.map(Number).sort((a, b) => a - b);
  if (numbers.length < 2 || !numbers.every(Number.isSafeInteger)) return [];
  const steps = numbers.slice(1).map((value, at) => value - (numbers[at] ?? 0));
  const step = Math.max(1, steps.reduce(divisor));
  const gaps: string[] = [];
  let missing = 0;
  for (const [at, length] of steps.entries()) {
    if (length <= step) continue;
    const from = (numbers[at] ?? 0) + step;
    const to = (numbers[at + 1] ?? 0) - step;
    missing += (to - from) / step + 1;
    gaps.push(from === to ? `${from}` : `${from}–${to}`);
  }
  if (missing === 0) return [];
  const told = gaps.slice(0, MOST_GAPS).join(', ');
  const more = gaps.length > MOST_GAPS ? ` and ${gaps.length - MOST_GAPS} more gaps` : '';
  return [
    {
      code: 'slices-skipped',
      message: `The numbers of the slices leave out ${told}${more} (${missing} in all, between ${numbers[0] ?? 0} and ${numbers.at(-1) ?? 0}); the slices on both sides stand next to each other.`,
    },
  ];
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

function othersWarnings(others: readonly string[]): StackWarning[] {
  if (others.length === 0) return [];
  const told = others.slice(0, MOST_NAMED).join(', ');
  const more = others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} more` : '';
  return [
    {
      code: 'pictures-left-out',
      message: `These pictures are not of the series and are left out: ${told}${more}.`,
    },
  ];
}
