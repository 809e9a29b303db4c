/**
 * The ISBI 2012 measures a second time, written from their definition alone and
 * word by word: no code shared with model/metrics, no speed, fractions where
 * the other one counts. `rules` are there to be broken on purpose.
 */
export interface LiteralSlice {
  /** Value at [y][x], 0 = membrane, 1 = interior. */
  readonly prediction: readonly (readonly number[])[];
  readonly truth: readonly (readonly number[])[];
}

export interface Rules {
  readonly visits: 'columns' | 'rows';
  readonly flag: 'whole image' | 'never set';
}

export const theRules: Rules = { visits: 'columns', flag: 'whole image' };

type Grid = number[][];
interface Place {
  readonly x: number;
  readonly y: number;
}

const MASK = -2;
const IN_QUEUE = -3;
const INIT = -1;
const DAM = 0;

const gridLike = (of: readonly (readonly unknown[])[], value: number): Grid =>
  of.map((row) => row.map(() => value));

const at = (grid: readonly (readonly number[])[], { x, y }: Place): number => {
  const value = grid[y]?.[x];
  if (value === undefined) throw new Error('outside');
  return value;
};

function put(grid: Grid, { x, y }: Place, value: number): void {
  const row = grid[y];
  if (row) row[x] = value;
}

function neighbours(grid: Grid, { x, y }: Place): Place[] {
  const near = [
    { x: x - 1, y },
    { x, y: y - 1 },
    { x: x + 1, y },
    { x, y: y + 1 },
  ];
  return near.filter((place) => grid[place.y]?.[place.x] !== undefined);
}

function visited(grid: readonly (readonly number[])[], rules: Rules): Place[] {
  const places = grid.flatMap((row, y) => row.map((_, x) => ({ x, y })));
  return rules.visits === 'rows' ? places : places.toSorted((a, b) => a.x - b.x || a.y - b.y);
}

/** 4-connected components of what is above t, from 1; 0 elsewhere. */
export function literalComponents(values: readonly (readonly number[])[], t: number): Grid {
  const labels = gridLike(values, 0);
  let next = 0;
  for (const start of visited(values, theRules)) {
    if (!(at(values, start) > t) || at(labels, start) !== 0) continue;
    next++;
    put(labels, start, next);
    const pending = [start];
    while (pending.length > 0) {
      const place = pending.pop();
      if (!place) break;
      for (const near of neighbours(labels, place)) {
        if (!(at(values, near) > t) || at(labels, near) !== 0) continue;
        put(labels, near, next);
        pending.push(near);
      }
    }
  }
  return labels;
}

/** Flooding of the inverted, thresholded prediction, level after level. */
export function literalWatershed(
  values: readonly (readonly number[])[],
  t: number,
  rules: Rules,
): Grid {
  const labels = gridLike(values, INIT);
  const level = (place: Place): 0 | 1 => (at(values, place) > t ? 0 : 1);
  const order = visited(values, rules);
  let flag = false;
  let next = 0;
  for (const height of [0, 1]) {
    const here = order.filter((place) => level(place) === height);
    for (const place of here) put(labels, place, MASK);
    const queue: Place[] = [];
    for (const place of here) {
      if (!neighbours(labels, place).some((near) => at(labels, near) >= DAM)) continue;
      put(labels, place, IN_QUEUE);
      queue.push(place);
    }
    // An array that grows while it is walked is the queue.
    for (const p of queue) {
      for (const q of neighbours(labels, p)) {
        const [lp, lq] = [at(labels, p), at(labels, q)];
        if (lq > 0) {
          if (lp === IN_QUEUE || (lp === DAM && flag)) put(labels, p, lq);
          else if (lp > 0 && lp !== lq) {
            put(labels, p, DAM);
            flag = false;
          }
        } else if (lq === DAM) {
          if (lp === IN_QUEUE) {
            put(labels, p, DAM);
            if (rules.flag === 'whole image') flag = true;
          }
        } else if (lq === MASK) {
          put(labels, q, IN_QUEUE);
          queue.push(q);
        }
      }
    }
    for (const start of here) {
      if (at(labels, start) !== MASK) continue;
      next++;
      put(labels, start, next);
      const basin = [start];
      for (const p of basin) {
        for (const q of neighbours(labels, p)) {
          if (at(labels, q) !== MASK) continue;
          put(labels, q, next);
          basin.push(q);
        }
      }
    }
  }
  return labels;
}

interface Fractions {
  readonly n: number;
  /** p_ij by "i j"; j = 0 is dam. */
  readonly p: ReadonlyMap<string, number>;
  readonly a: ReadonlyMap<number, number>;
  /** j ≥ 1 only. */
  readonly b: ReadonlyMap<number, number>;
  readonly z: number;
}

function fractions(truth: Grid, prediction: Grid): Fractions {
  const pairs = truth.flatMap((row, y) =>
    row.map((i, x) => ({ i, j: at(prediction, { x, y }) })).filter(({ i }) => i >= 1),
  );
  const n = pairs.length;
  const [p, a, b] = [
    new Map<string, number>(),
    new Map<number, number>(),
    new Map<number, number>(),
  ];
  const grow = <Key>(map: Map<Key, number>, key: Key): void => {
    map.set(key, (map.get(key) ?? 0) + 1 / n);
  };
  for (const { i, j } of pairs) {
    grow(p, `${i} ${j}`);
    grow(a, i);
    if (j >= 1) grow(b, j);
  }
  return { n, p, a, b, z: pairs.filter(({ j }) => j === 0).length / n };
}

const total = (values: Iterable<number>): number =>
  [...values].reduce((sum, value) => sum + value, 0);
const withoutDams = (p: ReadonlyMap<string, number>): number[] =>
  [...p].filter(([key]) => !key.endsWith(' 0')).map(([, value]) => value);

function literalRand({ n, p, a, b, z }: Fractions): { a: number; b: number; both: number } {
  return {
    a: total([...a.values()].map((value) => value ** 2)),
    b: total([...b.values()].map((value) => value ** 2)) + z / n,
    both: total(withoutDams(p).map((value) => value ** 2)) + z / n,
  };
}

function literalInfo({ n, p, a, b, z }: Fractions): number {
  const xlogx = (values: Iterable<number>): number =>
    total([...values].map((value) => value * Math.log(value)));
  const ha = -xlogx(a.values());
  const hb = -(xlogx(b.values()) - z * Math.log(n));
  const hab = -(xlogx(withoutDams(p)) - z * Math.log(n));
  const mutual = ha + hb - hab;
  const [precision, recall] = [mutual / ha, mutual / hb];
  return (2 * precision * recall) / (precision + recall);
}

export interface LiteralScores {
  readonly vRand: number;
  readonly vRandPrecision: number;
  readonly vRandRecall: number;
  readonly vInfo: number;
  readonly randError: number;
  readonly pixelError: number;
}

/** Scores of one slice at t, interior being what is above it. */
export function literalScores(
  { prediction, truth }: LiteralSlice,
  t: number,
  rules: Rules,
): LiteralScores {
  const cells = literalComponents(truth, t);
  const thinned = fractions(cells, literalWatershed(prediction, t, rules));
  const rand = literalRand(thinned);
  const plain = literalRand(fractions(cells, literalComponents(prediction, t)));
  const values = truth.flatMap((row, y) =>
    row.map((value, x) => ({ real: value > t, found: at(prediction, { x, y }) > t })),
  );
  const hits = values.filter(({ real, found }) => real && found).length;
  const precision = hits / values.filter(({ found }) => found).length;
  const recall = hits / values.filter(({ real }) => real).length;
  return {
    vRand: (2 * rand.both) / (rand.a + rand.b),
    vRandPrecision: rand.both / rand.b,
    vRandRecall: rand.both / rand.a,
    vInfo: literalInfo(thinned),
    randError: 1 - (2 * plain.both) / (plain.a + plain.b),
    pixelError: 1 - (2 * precision * recall) / (precision + recall),
  };
}
