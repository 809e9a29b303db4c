import type { Clock, Place, Precision, RaceEngine } from './race-options';
import type { BenchRow } from './report';

/** Who runs in a race. */
export type Lane =
  | {
      readonly kind: 'ours';
      readonly engine: RaceEngine;
      readonly place: Place;
      readonly precision: Precision;
    }
  | { readonly kind: 'peer'; readonly layout: string; readonly name: string };

export interface Timed {
  readonly lane: Lane;
  readonly milliseconds: number;
}

interface Heading {
  readonly line: string;
  readonly base: number;
  readonly threads: number;
  readonly samples: number;
  readonly clock: Clock;
}

/**
 * A row for each of ours against each layout of the peer, and for each place
 * one that says how the better engine in float stands against the faster
 * layout, and one for 8 bits.
 */
export function rowsOfRace(heading: Heading, timed: readonly Timed[]): BenchRow[] {
  const { line, base, threads, samples, clock } = heading;
  const unit = clock === 'wall' ? 'ms' : 'ms of processor time';
  const ours = timed.flatMap(({ lane, milliseconds }) =>
    lane.kind === 'ours' ? [{ ...lane, milliseconds }] : [],
  );
  const peers = timed.flatMap(({ lane, milliseconds }) =>
    lane.kind === 'peer' ? [{ ...lane, milliseconds }] : [],
  );
  const row = (words: readonly string[], mine: number, peer: (typeof peers)[number] | null) => ({
    ...{ line, case: [`base-${String(base)}`, ...words].join(', '), unit, ours: mine },
    ...{ peer: peer?.milliseconds ?? null, peerName: peer?.name ?? null },
    ...{ ratio: peer === null ? null : peer.milliseconds / mine, threads, samples },
  });
  if (peers.length === 0)
    return ours.map(({ milliseconds, ...lane }) => row(wordsOf(lane), milliseconds, null));
  const all = ours.flatMap(({ milliseconds, ...lane }) =>
    peers.map((peer) => row([...wordsOf(lane), peer.layout], milliseconds, peer)),
  );
  const quickest = peers.reduce((a, b) => (b.milliseconds < a.milliseconds ? b : a));
  const places = [...new Set(ours.map(({ place }) => place))];
  const summary = places.flatMap((place) =>
    (['float', 'int8'] as const).flatMap((precision) => {
      const here = ours.filter((each) => each.place === place && each.precision === precision);
      if (here.length === 0) return [];
      const best = Math.min(...here.map(({ milliseconds }) => milliseconds));
      const name = precision === 'float' ? 'better engine' : 'int8';
      return [row([name, place, 'faster layout'], best, quickest)];
    }),
  );
  return [...all, ...summary];
}

function wordsOf({
  engine,
  place,
  precision,
}: Pick<Extract<Lane, { kind: 'ours' }>, 'engine' | 'place' | 'precision'>): readonly string[] {
  return precision === 'float' ? [engine, place] : [engine, precision, place];
}
