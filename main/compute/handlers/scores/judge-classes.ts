import type { ModelClass } from '#contract/entities';
import {
  addTally,
  classThreshold,
  classWrong,
  emptyTally,
  type ClassTally,
  type ClassWrong,
} from '#main/corrections/class-set';
import { SlicePredictor } from '#model/inference/predictor';
import type { ClassComparison } from '../../requests';
import type { ClassSlice, CorrectionMaterial } from '../slices/correction-slices';
import { placeOf } from '../training/known-classes';
import type { LoadedNetwork } from '../loaded-network';
import type { CheckedVersion } from './version-check';

/** What a version makes of each of the classes on the corrected slices, in their order; `planes` = where its map of each lies, −1 = it has none. */
async function talliesOf(
  slices: readonly ClassSlice[],
  labels: readonly (number | null)[],
  planes: readonly number[],
  { engine, network, weights, signal }: Omit<CheckedVersion, 'thresholds'>,
): Promise<ClassTally[]> {
  const tallies = labels.map(emptyTally);
  if (planes.every((plane) => plane < 0)) return tallies;
  const predictor = new SlicePredictor(engine, network, weights);
  try {
    for (const { picture, labels: painted, held } of slices) {
      const maps = await predictor.predictAll(picture, { signal });
      const area = painted.length;
      tallies.forEach((tally, c) => {
        const plane = planes[c] ?? -1;
        if (plane < 0) return;
        const map = maps.subarray(plane * area, (plane + 1) * area);
        addTally(tally, map, painted, labels[c] ?? null, held);
      });
    }
  } finally {
    predictor.dispose();
  }
  return tallies;
}

/**
 * Chooses the thresholds of the classes beside membrane and holds both versions
 * against the strokes of those that were painted. A class that nobody painted
 * keeps its threshold.
 */
export async function judgeClasses(
  { classes, paintedClasses, classSlices, heldWhole }: CorrectionMaterial,
  inUse: LoadedNetwork,
  made: CheckedVersion,
): Promise<{ readonly classes: ModelClass[]; readonly comparison: ClassComparison[] }> {
  const labels = classes.map(({ label }) => label);
  const known = inUse.file.classes;
  const places = classes.map((one) => placeOf(known, one));
  const planes = places.map((at) => (at < 0 ? -1 : 1 + at));
  const before = await talliesOf(classSlices, labels, planes, {
    ...made,
    network: inUse.network,
    weights: inUse.weights,
  });
  const own = classes.map((_, c) => 1 + c);
  const after = await talliesOf(classSlices, labels, own, made);
  const learnt = classes.map(({ id, name, colour }, c): ModelClass => {
    const old = known[places[c] ?? -1];
    const tally = after[c] ?? emptyTally();
    const threshold =
      paintedClasses.includes(name) || old === undefined ? classThreshold(tally) : old.threshold;
    return { id, name, colour, threshold, dice: null };
  });
  const slices = classSlices
    .filter(({ held }) => held === 'all' || held?.includes(1) === true)
    .map(({ picture: { z } }) => z)
    .sort((a, b) => a - b);
  const comparison = learnt.flatMap(({ name, threshold }, c): ClassComparison[] => {
    if (!paintedClasses.includes(name)) return [];
    const old = known[places[c] ?? -1];
    const both = (
      part: 'held' | 'trained',
    ): { readonly before: ClassWrong | null; readonly after: ClassWrong } | null => {
      const now = classWrong((after[c] ?? emptyTally())[part], threshold);
      if (now === null) return null;
      const was =
        old === undefined ? null : classWrong((before[c] ?? emptyTally())[part], old.threshold);
      return { before: was, after: now };
    };
    const held = both('held');
    return [
      {
        name,
        held: held === null ? null : { ...held, slices, whole: heldWhole },
        trained: both('trained'),
      },
    ];
  });
  return { classes: learnt, comparison };
}
