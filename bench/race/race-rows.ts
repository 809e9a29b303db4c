import type { Place, RaceEngine } from './race-options';
import type { BenchRow } from './report';

/** Who runs in a race. */
export type Lane =
  | { readonly kind: 'ours'; readonly engine: RaceEngine; readonly place: Place }
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
}

/**
 * A row for each of ours against each layout of the peer, and for each place
 * one that says how the better engine stands against the faster layout.
 */
export function rowsOfRace(heading: Heading, timed: readonly Timed[]): BenchRow[] {
  const { line, base, threads, samples } = heading;
  const ours = timed.flatMap(({ lane, milliseconds }) =>
    lane.kind === 'ours' ? [{ ...lane, milliseconds }] : [],
  );
  const peers = timed.flatMap(({ lane, milliseconds }) =>
    lane.kind === 'peer' ? [{ ...lane, milliseconds }] : [],
  );
  const row = (words: readonly string[], mine: number, peer: (typeof peers)[number] | null) => ({
    ...{ line, case: [`base-${String(base)}`, ...words].join(', '), unit: 'ms', ours: mine },
    ...{ peer: peer?.milliseconds ?? null, peerName: peer?.name ?? null },
    ...{ ratio: peer === null ? null : peer.milliseconds / mine, threads, samples },
  });
  if (peers.length === 0)
    return ours.map(({ engine, place, milliseconds }) => row([engine, place], milliseconds, null));
  const all = ours.flatMap(({ engine, place, milliseconds }) =>
    peers.map((peer) => row([engine, place, peer.layout], milliseconds, peer)),
  );
  const quickest = peers.reduce((a, b) => (b.milliseconds < a.milliseconds ? b : a));
  const places = [...new Set(ours.map(({ place }) => place))];
  const summary = places.map((place) => {
    const here = ours.filter((each) => each.place === place);
    const best = Math.min(...here.map(({ milliseconds }) => milliseconds));
    return row(['better engine', place, 'faster layout'], best, quickest);
  });
  return [...all, ...summary];
}
