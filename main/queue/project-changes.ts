import { crc32 } from 'node:zlib';
import {
  sameConditioning,
  type CellChange,
  type CellChanges,
  type ChangeEntry,
  type Conditioning,
  type MaskThresholds,
} from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { compareCells } from '../compute/requests';
import type { JobEngine } from '../engines/job-engine';
import type { LabelStore } from '../labels/label-store';
import type { PredictionStore } from '../project/predictions/prediction-store';

/** Changes handed out at most: more than anybody looks at before deciding. */
const MOST_ENTRIES = 500;

/** What of a project is compared. */
export interface ChangeSources {
  readonly labels: Pick<LabelStore, 'coverage' | 'slice'>;
  readonly predictions: Pick<PredictionStore, 'list' | 'slice' | 'conditioning'>;
  readonly stack: { readonly info: { readonly width: number; readonly height: number } };
}

/** A version and where its mask begins. */
export interface ComparedVersion {
  readonly model: ModelId;
  readonly thresholds: MaskThresholds;
}

/** Slices that both versions have segmented as the stack is shown to models now, ascending. */
export async function slicesOfBoth(
  { predictions }: Pick<ChangeSources, 'predictions'>,
  [from, to]: readonly [ModelId, ModelId],
  conditioning: Conditioning,
): Promise<number[]> {
  const made = async (model: ModelId): Promise<Set<number>> => {
    const slices = new Set<number>();
    for (const one of predictions.list()) {
      if (one.model !== model) continue;
      const under = await predictions.conditioning(model, one.z);
      if (under !== null && sameConditioning(under, conditioning)) slices.add(one.z);
    }
    return slices;
  };
  const [first, second] = [await made(from), await made(to)];
  return [...first].filter((z) => second.has(z)).sort((a, b) => a - b);
}

/**
 * What a version changes against another one, in cells. One slice is in memory
 * at a time; what was found on it is kept until a map, its labels or a
 * threshold are others.
 */
export class ProjectChanges {
  private readonly found = new Map<
    string,
    { readonly key: string; readonly changes: readonly CellChange[] }
  >();

  constructor(private readonly project: ChangeSources) {}

  /** @throws AbortError; what the compute process throws */
  async list(
    from: ComparedVersion,
    to: ComparedVersion,
    conditioning: Conditioning,
    engine: Pick<JobEngine, 'call'>,
    signal: AbortSignal,
  ): Promise<CellChanges> {
    const slices = await slicesOfBoth(this.project, [from.model, to.model], conditioning);
    const all: ChangeEntry[] = [];
    for (const z of slices) {
      signal.throwIfAborted();
      for (const change of await this.changesOf(z, from, to, engine, signal))
        all.push({ ...change, z });
    }
    // The order is kept where sizes are alike: slice by slice.
    all.sort((a, b) => b.parts[1] - a.parts[1]);
    const cells = (kind: CellChange['kind']): number =>
      new Set(all.filter((one) => one.kind === kind).map(({ z, cell }) => `${z} ${cell}`)).size;
    const entries = all.slice(0, MOST_ENTRIES);
    return {
      ...{ entries, slices, more: all.length - entries.length },
      ...{ split: cells('split'), merged: cells('merge') },
    };
  }

  private async changesOf(
    z: number,
    from: ComparedVersion,
    to: ComparedVersion,
    engine: Pick<JobEngine, 'call'>,
    signal: AbortSignal,
  ): Promise<readonly CellChange[]> {
    const { labels, predictions, stack } = this.project;
    const { width, height } = stack.info;
    const before = await predictions.slice(from.model, z);
    const after = await predictions.slice(to.model, z);
    if (before === null || after === null) return [];
    const painted = labels.coverage().some((coverage) => coverage.z === z)
      ? await labels.slice(z)
      : null;
    const versions = [from.model, to.model, z].join(' ');
    const key = JSON.stringify([
      ...[from.thresholds, to.thresholds, crc32(before), crc32(after)],
      painted && crc32(painted),
    ]);
    const known = this.found.get(versions);
    if (known?.key === key) return known.changes;
    const { changes } = await engine.call(
      compareCells,
      () => ({
        ...{ width, height, labels: painted },
        from: { probability: before, thresholds: from.thresholds },
        to: { probability: after, thresholds: to.thresholds },
      }),
      { signal, remark: () => undefined },
    );
    this.found.set(versions, { key, changes });
    return changes;
  }
}
