import { crc32 } from 'node:zlib';
import type { DoubtfulPlace, QueueEntry } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { findDoubtful } from '../compute/requests';
import type { JobEngine } from '../engines/job-engine';
import type { LabelStore } from '../labels/label-store';
import type { PredictionStore } from '../project/predictions/prediction-store';
import { rankViews } from './rank-views';

/** Looks handed out at most: more than anybody goes through before the next round. */
const MOST_ENTRIES = 500;

/** What of a project the queue reads. */
export interface QueueSources {
  readonly labels: Pick<LabelStore, 'coverage' | 'slice'>;
  readonly predictions: Pick<PredictionStore, 'list' | 'slice'>;
  readonly stack: { readonly info: { readonly width: number; readonly height: number } };
}

/**
 * Where to look next in a project. What was found on a slice is kept until its
 * map, its labels or the threshold are others.
 */
export class ProjectQueue {
  private readonly found = new Map<
    number,
    { readonly key: string; readonly places: readonly DoubtfulPlace[] }
  >();

  constructor(private readonly project: QueueSources) {}

  /** Of one version's predictions at a threshold. @throws AbortError; what the compute process throws */
  async list(
    model: ModelId,
    threshold: number,
    engine: Pick<JobEngine, 'call'>,
    signal: AbortSignal,
  ): Promise<{ entries: QueueEntry[]; slices: number }> {
    const { predictions } = this.project;
    const slices = predictions.list().filter((prediction) => prediction.model === model);
    const places: (DoubtfulPlace & { readonly z: number })[] = [];
    for (const { z } of slices) {
      signal.throwIfAborted();
      for (const place of await this.placesOf(model, z, threshold, engine, signal))
        places.push({ ...place, z });
    }
    const entries = rankViews(places)
      .slice(0, MOST_ENTRIES)
      .map(({ place, others, expected }) => ({ ...place, others: others.length, expected }));
    return { entries, slices: slices.length };
  }

  private async placesOf(
    model: ModelId,
    z: number,
    threshold: number,
    engine: Pick<JobEngine, 'call'>,
    signal: AbortSignal,
  ): Promise<readonly DoubtfulPlace[]> {
    const { labels, predictions, stack } = this.project;
    const { width, height } = stack.info;
    const probability = await predictions.slice(model, z);
    if (probability === null) return [];
    const painted = labels.coverage().some((coverage) => coverage.z === z)
      ? await labels.slice(z)
      : null;
    const key = [model, threshold, crc32(probability), painted && crc32(painted)].join(' ');
    const known = this.found.get(z);
    if (known?.key === key) return known.places;
    const { places } = await engine.call(
      findDoubtful,
      () => ({ width, height, probability, labels: painted, threshold }),
      { signal, remark: () => undefined },
    );
    this.found.set(z, { key, places });
    return places;
  }
}
