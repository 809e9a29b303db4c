import type { ElementType } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { rangeOf } from '#main/stacks/sample-range';
import type { AskedRange, TakenRange } from '../requests';

/** What a look at all values of a prediction found; `least` and `most` of the finite ones. */
export interface ValueSurvey {
  readonly type: ElementType;
  readonly least: number;
  readonly most: number;
  /** At most two different values. */
  readonly twoValues: boolean;
  readonly numbers: number;
}

/** Interpolation leaves [0, 1] by a little; what is beyond is another range. */
const OVERSHOOT = 0.01;
/** A map whose largest value is below half of its range is more likely one of another range. */
const REACHED = 0.5;

/** No network gives logits beyond this; such values mean that there is no data. */
const LARGEST_LOGIT = 1000;

const linear = (from: number, to: number, said: string): TakenRange => ({
  kind: 'linear',
  from,
  to,
  said,
});

/**
 * What the values of a prediction mean. Asked ranges are taken as they are;
 * otherwise types and extremes decide, and what can be meant in two ways is refused.
 * @throws MembranaError prediction.range-unclear with what was seen
 */
export function takenRange(asked: AskedRange, survey: ValueSurvey): TakenRange {
  switch (asked.kind) {
    case 'linear':
      return linear(asked.from, asked.to, `${asked.from} to ${asked.to}, as told`);
    case 'logits':
      return { kind: 'logits', said: 'logits, as told' };
    case 'auto':
      return guessedRange(survey);
  }
}

function guessedRange(survey: ValueSurvey): TakenRange {
  const { least, most, type, twoValues, numbers } = survey;
  if (numbers === 0) throw unclear(survey, 'none of them is a number');
  if (least === 0 && most === 0) return linear(0, 1, 'zeros only');
  if (twoValues && least >= 0) {
    if (most === 1) return linear(0, 1, 'a mask of 0 and 1');
    if (most === 255) return linear(0, 255, 'a mask of 0 and 255');
    if (least === 0 && most === rangeOf(type).most && !type.startsWith('float'))
      return linear(0, most, `a mask of 0 and ${most}`);
  }
  return type.startsWith('float') ? floatRange(survey) : integerRange(survey);
}

function floatRange(survey: ValueSurvey): TakenRange {
  const { least, most } = survey;
  if (least >= -OVERSHOOT && most <= 1 + OVERSHOOT)
    return linear(0, 1, 'probabilities from 0 to 1');
  if (least < -LARGEST_LOGIT)
    throw unclear(survey, 'values so low may mean that there is no data: save them as NaN');
  // Up to 1 they may be probabilities, with a value below 0 where there is no data.
  if (least < -1 && most > 1 && most <= LARGEST_LOGIT)
    return { kind: 'logits', said: 'logits, turned into probabilities' };
  if (least < 0) throw unclear(survey, 'they could be logits, logarithms or a range of their own');
  for (const top of [255, 65_535])
    if (most <= top && most > REACHED * top) return linear(0, top, `values from 0 to ${top}`);
  throw unclear(survey, 'they fit none of the usual ranges');
}

function integerRange(survey: ValueSurvey): TakenRange {
  const { least, most, type } = survey;
  const { least: bottom, most: top } = rangeOf(type);
  if (least < 0) {
    if (most < bottom + REACHED * (top - bottom))
      throw unclear(survey, 'none of them lies in the upper half of their type');
    return linear(bottom, top, `values from ${bottom} to ${top}`);
  }
  for (const end of [127, 255, 32_767, 65_535]) {
    const possible = end <= top && most <= end && most > REACHED * end;
    // The type's own range, or that of the bytes that a wider type was filled with.
    if (possible && (end === top || end === 255)) return linear(0, end, `values from 0 to ${end}`);
  }
  throw unclear(survey, 'they fit none of the usual ranges');
}

function unclear({ type, least, most, numbers }: ValueSurvey, why: string): MembranaError {
  const seen = numbers === 0 ? 'no number' : `${short(least)} to ${short(most)}`;
  return new MembranaError(
    'prediction.range-unclear',
    `What the prediction's values mean can't be told: ${type} values with ${seen}; ${why}.`,
    {
      hint: 'Say it with --range LOW-HIGH (the values that stand for "certainly not" and "certainly membrane", as 0-1 or 0-100) or --range logits; --invert if high means interior.',
      data: { type, least: numbers === 0 ? null : least, most: numbers === 0 ? null : most },
    },
  );
}

const short = (value: number): string => String(Number(value.toPrecision(6)));

/** One value as a probability in [0, 1]; NaN stays NaN. */
export function toProbability(value: number, range: TakenRange, invert: boolean): number {
  const membrane = inRange(value, range);
  return invert ? 1 - membrane : membrane;
}

function inRange(value: number, range: TakenRange): number {
  switch (range.kind) {
    case 'linear':
      return Math.min(1, Math.max(0, (value - range.from) / (range.to - range.from)));
    case 'logits':
      return 1 / (1 + Math.exp(-value));
  }
}
