import type { ModelVersion } from '#contract/entities';
import type { ModelId } from '#contract/ids';

type Descendant = Pick<ModelVersion, 'id' | 'parent' | 'origin' | 'created'>;

/** A version in the tree of versions, newest first: its own lane, and what passes beside it. */
export interface TreeRow<Version> {
  readonly version: Version;
  /** From 0, the line that goes on longest first. */
  readonly lane: number;
  /** A version that came from it stands above, in its own lane. */
  readonly up: boolean;
  /** Its parent stands below. */
  readonly down: boolean;
  /** Lanes of other versions that came from it: they end here. */
  readonly joins: readonly number[];
  /** Lanes that have nothing to do with it. */
  readonly past: readonly number[];
}

/** A version and those it comes from, the oldest first; one that is gone ends the line. */
export function lineOf<Version extends Descendant>(
  versions: readonly Version[],
  id: ModelId | null,
): readonly Version[] {
  const line: Version[] = [];
  let next = id;
  while (next !== null) {
    const here = versions.find((version) => version.id === next);
    // A file may make it a ring.
    if (here === undefined || line.includes(here)) break;
    line.unshift(here);
    next = here.parent;
  }
  return line;
}

/** The line of the newest version that comes from `id`, or of `id` itself: it tells of later rounds too, after somebody went back. */
export function newestLine<Version extends Descendant>(
  versions: readonly Version[],
  id: ModelId | null,
): readonly Version[] {
  const through = versions
    .map((version) => lineOf(versions, version.id))
    .filter((line) => line.some((version) => version.id === id));
  const newest = through.reduce<readonly Version[]>(
    (best, line) => ((line.at(-1)?.created ?? '') > (best.at(-1)?.created ?? '') ? line : best),
    [],
  );
  return newest;
}

/** The versions that the timeline tells of: the project's own, those they come from, and the one in use. Others that came with the app did nothing here. */
export function ownVersions<Version extends Descendant>(
  versions: readonly Version[],
  current: ModelId | null,
): readonly Version[] {
  const told = new Set<ModelId>();
  for (const { id, origin } of versions)
    if (origin !== 'bundled' || id === current)
      for (const version of lineOf(versions, id)) told.add(version.id);
  return versions.filter(({ id }) => told.has(id));
}

/** Versions newest first, with the lanes of a tree; a child never stands below its parent. */
export function versionTree<Version extends Descendant>(
  versions: readonly Version[],
): readonly TreeRow<Version>[] {
  /** By lane: the version that it leads down to; null = free. */
  const lanes: (ModelId | null)[] = [];
  return newestFirst(versions).map((version) => {
    const own = lanes.flatMap((id, lane) => (id === version.id ? [lane] : []));
    const free = lanes.indexOf(null);
    const lane = own[0] ?? (free === -1 ? lanes.length : free);
    const past = lanes.flatMap((id, i) => (id !== null && id !== version.id ? [i] : []));
    for (const other of own) lanes[other] = null;
    const parent = versions.find(({ id }) => id === version.parent && id !== version.id);
    lanes[lane] = parent?.id ?? null;
    return {
      version,
      lane,
      up: own.length > 0,
      down: parent !== undefined,
      joins: own.slice(1),
      past,
    };
  });
}

/** By time, but for clocks that were set back: what came from a version stands above it. */
function newestFirst<Version extends Descendant>(versions: readonly Version[]): Version[] {
  const byTime = [...versions].sort(
    (a, b) => a.created.localeCompare(b.created) || a.id.localeCompare(b.id),
  );
  const placed: Version[] = [];
  for (const version of byTime)
    for (const one of lineOf(versions, version.id)) if (!placed.includes(one)) placed.push(one);
  return placed.reverse();
}
