import type { CellChanges, ChangeEntry } from '#contract/entities';
import type { ModelId } from '#contract/ids';

/** Two versions, the older one first. */
export interface ComparedVersions {
  readonly from: ModelId;
  readonly to: ModelId;
}

export type ChangeCounts = Pick<CellChanges, 'split' | 'merged' | 'slices'>;

/** Changes of one slice, the largest first. */
export interface SliceChanges {
  readonly z: number;
  readonly entries: readonly ChangeEntry[];
}

const keyOf = ({ from, to }: ComparedVersions): string => `${from} ${to}`;

const samePlace = (a: ChangeEntry, b: ChangeEntry): boolean =>
  a.z === b.z && a.kind === b.kind && a.x === b.x && a.y === b.y;

/** What a version changes against another one, in cells: the list that main made, and where the user is in it. */
export class ChangesState {
  /** Whose changes are listed; null = the list is closed. */
  versions = $state.raw<ComparedVersions | null>(null);
  found = $state.raw<CellChanges | null>(null);
  current = $state.raw<ChangeEntry | null>(null);
  looking = $state(false);
  /** Those that are painted as they were. */
  kept = $state.raw<ReadonlySet<ChangeEntry>>(new Set());
  #counts = $state.raw<ReadonlyMap<string, ChangeCounts>>(new Map());

  /** Slice by slice, that with the largest change first. */
  readonly groups = $derived.by((): readonly SliceChanges[] => {
    const slices = new Map<number, ChangeEntry[]>();
    for (const entry of this.found?.entries ?? []) {
      const slice = slices.get(entry.z);
      if (slice) slice.push(entry);
      else slices.set(entry.z, [entry]);
    }
    return [...slices].map(([z, entries]) => ({ z, entries }));
  });
  /** In the order in which they are listed. */
  readonly #order = $derived(this.groups.flatMap(({ entries }) => entries));

  /** Place of the change in view among the others, from 0; −1 = none is. */
  readonly index = $derived(this.current === null ? -1 : this.#order.indexOf(this.current));
  get length(): number {
    return this.#order.length;
  }

  open(versions: ComparedVersions): void {
    if (this.versions !== null && keyOf(this.versions) === keyOf(versions)) return;
    this.close();
    this.versions = versions;
  }

  /** Takes what main found; the change in view stays so, if it is still one. */
  take(versions: ComparedVersions, found: CellChanges): void {
    const { split, merged, slices } = found;
    this.#counts = new Map(this.#counts).set(keyOf(versions), { split, merged, slices });
    if (this.versions === null || keyOf(this.versions) !== keyOf(versions)) return;
    const { current } = this;
    this.found = found;
    this.kept = new Set();
    this.current = current && (found.entries.find((entry) => samePlace(entry, current)) ?? null);
  }

  /** What was counted for two versions last; null = nobody has counted. */
  countsOf(versions: ComparedVersions): ChangeCounts | null {
    return this.#counts.get(keyOf(versions)) ?? null;
  }

  /** The change that many places on in the list; null = there is none. */
  after(step: 1 | -1): ChangeEntry | null {
    if (this.index < 0) return this.#order[0] ?? null;
    return this.#order[this.index + step] ?? null;
  }

  /** Marks whether an entry is painted as it was. */
  mark(entry: ChangeEntry, kept: boolean): void {
    if (this.kept.has(entry) === kept) return;
    const next = new Set(this.kept);
    if (kept) next.add(entry);
    else next.delete(entry);
    this.kept = next;
  }

  close(): void {
    this.versions = null;
    this.found = null;
    this.current = null;
    this.kept = new Set();
  }

  /** Another project. */
  leave(): void {
    this.close();
    this.looking = false;
    this.#counts = new Map();
  }
}
