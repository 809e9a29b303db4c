import type { Coverage } from '#contract/entities';
import type { TileCounts } from './label-tiles';

/** Reviewed pixels by slice, kept up to date tile by tile. */
export class LabelCoverage {
  private readonly tiles = new Map<string, TileCounts>();
  private readonly slices = new Map<number, { painted: number; confirmed: number }>();
  private readonly listeners = new Set<(slices: readonly Coverage[]) => void>();

  load(tiles: Readonly<Record<string, TileCounts>>): void {
    for (const [key, counts] of Object.entries(tiles)) this.set(key, counts);
  }

  /** Counts more (or fewer, negative) pixels of tile "z/ty/tx". */
  add(key: string, { painted, confirmed }: TileCounts): void {
    const before = this.tiles.get(key) ?? { painted: 0, confirmed: 0 };
    this.set(key, {
      painted: before.painted + painted,
      confirmed: before.confirmed + confirmed,
    });
  }

  /** The counts of tile "z/ty/tx" as they are now. */
  set(key: string, counts: TileCounts): void {
    const z = Number.parseInt(key, 10);
    const before = this.tiles.get(key) ?? { painted: 0, confirmed: 0 };
    const slice = this.slices.get(z) ?? { painted: 0, confirmed: 0 };
    slice.painted += counts.painted - before.painted;
    slice.confirmed += counts.confirmed - before.confirmed;
    this.tiles.set(key, { painted: counts.painted, confirmed: counts.confirmed });
    this.slices.set(z, slice);
  }

  /** Slices with reviewed pixels, ascending. */
  list(): Coverage[] {
    return [...this.slices]
      .filter(([, { painted, confirmed }]) => painted + confirmed > 0)
      .map(([z, { painted, confirmed }]) => ({ z, painted, confirmed }))
      .sort((a, b) => a.z - b.z);
  }

  onChange(listener: (slices: readonly Coverage[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  announce(changed: readonly number[]): void {
    const slices = changed.map((z) => ({
      z,
      painted: this.slices.get(z)?.painted ?? 0,
      confirmed: this.slices.get(z)?.confirmed ?? 0,
    }));
    for (const listener of this.listeners) listener(slices);
  }
}
