import type { BenchRow } from '../race/report';
import type { Budget } from './options';
import type { Part } from './part';
import { reachedVInfo, type FoldScores } from './scores';

/** One side of one fold. */
export interface Scored {
  readonly fold: string;
  readonly part: Part;
  readonly scores: FoldScores;
}

const measures = [
  { key: 'vInfo', name: 'V_Info at the topology threshold', unit: 'score', more: true },
  { key: 'vRand', name: 'V_Rand at the topology threshold', unit: 'score', more: true },
  { key: 'dice', name: 'Dice at the pixel threshold', unit: 'score', more: true },
  { key: 'accuracy', name: 'accuracy at the pixel threshold', unit: 'score', more: true },
  {
    key: 'lengthToReach',
    name: `training until V_Info ≥ ${reachedVInfo} on the choosing slices`,
    unit: 'length',
    more: false,
  },
] as const satisfies readonly {
  key: keyof FoldScores;
  name: string;
  unit: string;
  more: boolean;
}[];
type Key = (typeof measures)[number]['key'];

/** null where one of them is: a mean over those who arrived would flatter. */
function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length < values.length || known.length === 0) return null;
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

const meanOf = (sides: readonly Scored[], key: Key): number | null =>
  mean(sides.map(({ scores }) => scores[key]));

/** Every measure of every fold and their mean, ours beside each peer. `sides[0]` of a fold is ours. */
export function accuracyRows(
  folds: readonly (readonly Scored[])[],
  threads: number,
  lengthUnit: Budget['kind'],
): BenchRow[] {
  const rows: BenchRow[] = [];
  const sideCount = folds[0]?.length ?? 0;
  const groups = [...folds.map((sides) => [sides]), ...(folds.length > 1 ? [folds] : [])];
  for (const group of groups) {
    const name = group.length > 1 ? 'mean' : (group[0]?.[0]?.fold ?? '');
    const columns = Array.from({ length: sideCount }, (_, side) =>
      group.flatMap((sides) => sides[side] ?? []),
    );
    const [own = [], ...peers] = columns;
    for (const { key, name: measure, unit, more } of measures) {
      const ours = meanOf(own, key);
      for (const peerSides of peers) {
        // Controls have no training to time.
        if (key === 'lengthToReach' && peerSides.every(({ part }) => part.curve.length === 0))
          continue;
        const peer = meanOf(peerSides, key);
        rows.push({
          ...{ line: 'accuracy', case: `${name}: ${measure}`, ours, peer },
          unit: unit === 'length' ? lengthUnit : unit,
          peerName: peerSides[0]?.part.name ?? null,
          ratio: ours === null || peer === null ? null : more ? ours / peer : peer / ours,
          ...{ threads, samples: group.length },
        });
      }
    }
  }
  return rows;
}

/** One line a side, for a person. */
export function summary({ fold, part, scores }: Scored, lengthUnit: Budget['kind']): string {
  const { vInfo, vRand, dice, accuracy, lengthToReach } = scores;
  const { topology, pixel } = part.thresholds;
  const figures = `V_Info ${vInfo.toFixed(4)} V_Rand ${vRand.toFixed(4)} (p ≥ ${topology}), Dice ${dice.toFixed(4)} accuracy ${accuracy.toFixed(4)} (p ≥ ${pixel})`;
  const run =
    part.steps === null ? '' : `; ${part.steps} steps in ${part.seconds?.toFixed(0) ?? '?'} s`;
  const reached =
    part.curve.length === 0
      ? ''
      : `, V_Info ≥ ${reachedVInfo} ${lengthToReach === null ? 'never' : `after ${lengthToReach.toFixed(0)} ${lengthUnit}`}`;
  const notes = part.notes === '' ? '' : ` (${part.notes})`;
  return `${fold}, ${part.name}: ${figures}${run}${reached}${notes}`;
}
