import { MOST_CLASS_VALUES, type LabelClass, type LabelMapping } from '#contract/entities';
import { INTERIOR, MEMBRANE, UNTOUCHED, VOID } from '#contract/label-byte';
import { isThin, type ValueCounts } from './count-values';

const BLACK = '#000000';

/**
 * What the values of a label file probably mean: cells where they are many, our
 * own class numbers, classes by their colours, or a mask, of which the rarer of
 * two values is membrane where it covers as little as membranes do. Null =
 * nothing tells. `text`: a value as a person knows it, a colour as `#rrggbb`.
 */
export function suggestMapping(
  counts: ValueCounts,
  classes: readonly LabelClass[],
  text: (value: number) => string,
): LabelMapping | null {
  const values = [...counts.keys()].sort((a, b) => a - b);
  if (values.length > MOST_CLASS_VALUES) {
    const zero = !counts.has(0) ? 'cell' : isThin(counts, 0) ? 'membrane' : 'leave';
    return { kind: 'boundaries', width: 1, zero };
  }
  return byColour(values, classes, text) ?? byMask(counts) ?? byNumber(values, classes);
}

function byColour(
  values: readonly number[],
  classes: readonly LabelClass[],
  text: (value: number) => string,
): LabelMapping | null {
  const found = values.map((value) => {
    const colour = text(value);
    const one = classes.find((known) => known.colour === colour);
    return { value, class: one?.id ?? (colour === BLACK ? ('leave' as const) : null) };
  });
  const known = found.flatMap(({ value, class: id }) =>
    id === null ? [] : [{ value, class: id }],
  );
  const named = known.some((one) => one.class !== 'leave');
  return named && known.length === values.length
    ? { kind: 'values', classes: known, rest: null }
    : null;
}

/** Two values of which one is membrane; 1 and 2 are our own numbers, though. */
function byMask(counts: ValueCounts): LabelMapping | null {
  const [low, high] = [...counts.keys()].sort((a, b) => a - b);
  if (counts.size !== 2 || low === undefined || high === undefined) return null;
  if (low === INTERIOR && high === MEMBRANE) return null;
  if (low === UNTOUCHED && high === MEMBRANE) return null;
  const rarer = (counts.get(high) ?? 0) <= (counts.get(low) ?? 0) ? high : low;
  if (!isThin(counts, rarer)) return null;
  const classes = [low, high].map((value) => ({
    value,
    class: value === rarer ? MEMBRANE : INTERIOR,
  }));
  return { kind: 'values', classes, rest: null };
}

function byNumber(values: readonly number[], classes: readonly LabelClass[]): LabelMapping | null {
  const isClass = (value: number): boolean =>
    value === VOID || classes.some(({ id }) => id === value);
  const known = values.every((value) => value === UNTOUCHED || isClass(value));
  // 0 and 1 alone are as well a mask, of which nobody knows what 1 is.
  if (!known || !values.some((value) => value > INTERIOR)) return null;
  const mapped = values.map((value) => ({
    value,
    class: value === UNTOUCHED ? ('leave' as const) : value,
  }));
  return { kind: 'values', classes: mapped, rest: null };
}
