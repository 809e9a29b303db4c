import type { ModelClass } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { sameClass } from '#contract/mask/class-mask';
import { growHead } from '#model/network/grow-head';
import type { Network } from '#model/network/network';
import type { Engine } from '#model/engines/engine';
import { SlicePredictor } from '#model/inference/predictor';
import type { ClassPlane, TrainingSlice } from '#model/training/training-slice';
import type { ClassScore } from '#model/training/validation';
import type { NamedClass } from '../../requests';
import type { LoadedNetwork } from '../loaded-network';

/** Where the thresholds of classes that nothing was chosen on lie. */
const NEUTRAL = 0.5;

/** Where a class stands in a list; −1 = it is not there. */
export const placeOf = (
  classes: readonly { readonly name: string }[],
  one: { readonly name: string },
): number => classes.findIndex((other) => sameClass(other, one));

/**
 * The classes beside membrane that a training is about: those that the start
 * knows, in its order, then the new ones, whose id is kept where it is free.
 */
export function classesToLearn(
  known: readonly NamedClass[],
  wanted: readonly NamedClass[],
): NamedClass[] {
  const all = known.map(({ id, name, colour }) => ({ id, name, colour }));
  for (const { id: asked, name, colour } of wanted) {
    if (placeOf(all, { name }) >= 0) continue;
    const taken = new Set(all.map(({ id }) => id));
    let id = asked;
    while (taken.has(id)) id = (id % 126) + 1;
    all.push({ id, name, colour });
  }
  return all;
}

/**
 * A network and its weights with a map for each of `classes` behind membrane; new ones are drawn from the seed.
 * @throws MembranaError or ModelError model.corrupt
 */
export function withMapFor(
  classes: readonly NamedClass[],
  { network, weights, file }: LoadedNetwork,
  seed: number,
): { readonly network: Network; readonly weights: Float32Array<ArrayBuffer> } {
  const extra = classes.length - file.classes.length;
  if (extra <= 0) return { network, weights };
  if (network.classes === 1 + file.classes.length) return growHead(network, weights, extra, seed);
  throw new MembranaError(
    'model.corrupt',
    `The network of "${file.name}" has maps that its card does not name, so it can't learn a further class.`,
    { hint: 'Start from a model that came with Membrana or was trained by it.' },
  );
}

/** For the card: what was chosen on held-out slices, else what the version before it has. */
export function learntClasses(
  classes: readonly NamedClass[],
  before: readonly ModelClass[],
  scores: readonly (ClassScore | null)[],
): ModelClass[] {
  return classes.map((one, i) => {
    const old = before[placeOf(before, one)];
    const score = scores[i] ?? null;
    return {
      ...one,
      threshold: score?.threshold ?? old?.threshold ?? NEUTRAL,
      dice: score?.dice ?? null,
    };
  });
}

/**
 * What a model itself says of its classes beside membrane on a slice, as
 * something to learn: so a training that is about something else keeps them.
 * `maps`: all of its maps, one behind another.
 */
export function ownPlanes(
  maps: Float32Array,
  classes: readonly ModelClass[],
  weight: ClassPlane['weight'],
): ClassPlane[] {
  const area = weight.length;
  return classes.map(({ threshold }, c) => ({
    target: Uint8Array.from(maps.subarray((c + 1) * area, (c + 2) * area), (p) =>
      p >= threshold ? 1 : 0,
    ),
    weight,
  }));
}

/**
 * The slices with the model's own answer for each of its classes that their
 * labels say nothing about, and with `membrane` for membrane as well, as surely
 * as it gives it; as they are where there is nothing to keep.
 */
export async function keepingClasses(
  slices: readonly TrainingSlice[],
  { network, weights, file }: LoadedNetwork,
  engine: Engine,
  signal: AbortSignal,
  membrane = false,
): Promise<TrainingSlice[]> {
  const { classes } = file;
  if (classes.length === 0 && !membrane) return [...slices];
  const predictor = new SlicePredictor(engine, network, weights);
  try {
    const kept: TrainingSlice[] = [];
    for (const slice of slices) {
      const maps = await predictor.predictAll(slice, { signal });
      const own = ownPlanes(maps, classes, slice.weight);
      const soft = membrane ? { soft: maps.slice(0, slice.width * slice.height) } : {};
      const others = [...own.keys(), ...(slice.others ?? []).keys()];
      kept.push({
        ...slice,
        ...soft,
        others: Array.from(
          { length: Math.max(0, ...others) + 1 },
          (_, c) => slice.others?.[c] ?? own[c] ?? null,
        ),
      });
    }
    return kept;
  } finally {
    predictor.dispose();
  }
}
