import type { GreyConditioning } from '../inference/condition';
import type { FlipScore } from './flip';

/** A way to show slices to a network: what is done to their grey values, and the factor of their size. */
export interface ShownAs extends GreyConditioning {
  readonly scale: number;
}

/** A way that was tried, and how the network answered. */
export interface Tried {
  readonly shown: ShownAs;
  readonly score: FlipScore;
}

/**
 * Asks the network about the same places shown in one way: `small` places
 * settle the coarse questions, larger ones the fine ones.
 */
export type Ask = (shown: ShownAs, size: 'small' | 'large') => Promise<FlipScore>;

export interface Search {
  readonly chosen: ShownAs;
  /** A factor of scale that is clearly better; null = none, or it was not looked for. */
  readonly proposedScale: number | null;
  /** Everything that was tried, in its order. */
  readonly tried: readonly Tried[];
}

export const asItIs: ShownAs = { inverted: false, flatField: 0, smoothing: 0, scale: 1 };

/** Standard deviations in pixels. */
const smoothings = [0, 1, 1.5, 2] as const;
const flatFields = [0, 64] as const;
const scales = [0.5, 2] as const;

/** A network that draws less or more membrane than this anywhere is not looking at membranes. */
const sane = { least: 0.03, most: 0.5 } as const;

/**
 * Thin walls pay for smoothing: each half pixel has to gain so much, as a
 * factor of the disagreement. A flat field costs nothing: in ten looks of VNC
 * V_Info moved by 0.001 at most where none was needed.
 */
const HALF_PIXEL = 1.04;

/** Another conditioning is chosen only where its priced disagreement is below this share of that of the slice as it is. */
const CLEARLY = 0.8;
/** Where neither flat field nor smoothing comes near that, finer steps don't either. */
const HOPELESS = 0.95;
/** Another polarity or scale has to be better by more: it is never a matter of degree. */
const BY_FAR = 0.7;

function priced({ shown, score }: Tried): number {
  const { disagreement, share } = score;
  if (!(share >= sane.least && share <= sane.most)) return Number.POSITIVE_INFINITY;
  return disagreement * HALF_PIXEL ** (shown.smoothing * 2);
}

const least = (tried: readonly Tried[]): Tried | undefined =>
  tried.toSorted((one, other) => priced(one) - priced(other))[0];

/**
 * Finds the way to show a stack under which a network's answer depends least on
 * the way the picture lies; the way it is unless another is clearly better.
 * Coarse to fine: polarity on small places; flat field, plain and smoothed, on
 * large ones; with the better of them the other smoothings; then, where asked
 * for, whether another scale suits better, which is proposed and not chosen.
 */
export async function searchConditioning(
  ask: Ask,
  options: {
    readonly scales: boolean;
    readonly asked?: (done: number, total: number) => void;
  },
): Promise<Search> {
  const coarse = { plain: 0, strong: 1.5 } as const;
  const rest = smoothings.filter((one) => one !== coarse.plain && one !== coarse.strong);
  const total = 2 + 2 * flatFields.length + rest.length + (options.scales ? 1 + scales.length : 0);
  let done = 0;
  const tried: Tried[] = [];
  const look = async (shown: ShownAs, size: 'small' | 'large'): Promise<Tried> => {
    const one = { shown, score: await ask(shown, size) };
    tried.push(one);
    done += 1;
    options.asked?.(done, total);
    return one;
  };

  // A little smoothing, so that noise does not drown the difference.
  const upright = await look({ ...asItIs, smoothing: 1 }, 'small');
  const turned = await look({ ...asItIs, smoothing: 1, inverted: true }, 'small');
  // Sparse membranes are no reason to turn a picture around, so the share of the upright one is not asked for.
  const inverted = priced(turned) < BY_FAR * upright.score.disagreement;

  const fine: Tried[] = [];
  for (const flatField of flatFields)
    for (const smoothing of [coarse.plain, coarse.strong])
      fine.push(await look({ ...asItIs, inverted, flatField, smoothing }, 'large'));
  const [unchanged] = fine;
  const before = unchanged === undefined ? Number.POSITIVE_INFINITY : priced(unchanged);
  const first = least(fine);
  const hope = first !== undefined && !(priced(first) >= HOPELESS * before);
  if (hope)
    for (const smoothing of rest) fine.push(await look({ ...first.shown, smoothing }, 'large'));
  const best = least(fine);
  const better = best !== undefined && priced(best) < CLEARLY * before;
  const chosen = better ? best.shown : { ...asItIs, inverted };
  return { chosen, proposedScale: options.scales ? await scaleFor(chosen, look) : null, tried };
}

async function scaleFor(
  chosen: ShownAs,
  look: (shown: ShownAs, size: 'small') => Promise<Tried>,
): Promise<number | null> {
  const own = await look(chosen, 'small');
  const others: Tried[] = [];
  for (const scale of scales) others.push(await look({ ...chosen, scale }, 'small'));
  const best = least(others);
  return best !== undefined && priced(best) < CLEARLY * priced(own) ? best.shown.scale : null;
}
