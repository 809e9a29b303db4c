import { createHash } from 'node:crypto';
import type { AccuracyReport, MaskThresholds } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { ModelId } from '#contract/ids';
import { measureMask, type MeasuredMask } from '../compute/requests';
import type { JobEngine } from '../engines/job-engine';
import { sliceMask, type MaskSources } from '../export/label-export';
import type { PredictionStore } from '../project/predictions/prediction-store';
import type { SourceReference } from '../stacks/source/source-identity';
import { MOST_ERRORS, pooledAccuracy, type MeasuredSlice } from './pooled-accuracy';

/** What of a project is measured. */
export interface AccuracySources extends Pick<MaskSources, 'labels' | 'lines'> {
  readonly predictions: MaskSources['predictions'] & Pick<PredictionStore, 'list'>;
  readonly stack: { readonly info: { readonly width: number; readonly height: number } };
}

/** What is measured against what. */
export interface AskedAccuracy {
  readonly model: ModelId;
  readonly mask: MaskThresholds;
  readonly truth: SourceReference;
  /** The value of the truth that means membrane. */
  readonly membrane: number;
}

export interface AccuracyContext {
  readonly engine: Pick<JobEngine, 'call'>;
  readonly signal: AbortSignal;
  readonly remark: (text: string) => void;
  readonly progress: (done: number, total: number) => void;
}

/**
 * How right the mask of a project is by a truth that lies beside it. One slice
 * is in memory at a time; what was found on a slice is kept until its mask or
 * the truth is another, so that after a stroke one slice is measured again.
 * Nothing that trains reaches this.
 */
export class ProjectAccuracy {
  private readonly found = new Map<
    number,
    { readonly key: string; readonly measured: MeasuredMask }
  >();

  constructor(private readonly project: AccuracySources) {}

  /**
   * Of the slices that a version has predicted: labels where somebody painted, its mask elsewhere, as exported.
   * @throws MembranaError accuracy.nothing-to-measure, accuracy.no-truth, stack.*, file.*; AbortError; what the compute process throws
   */
  async measure(asked: AskedAccuracy, context: AccuracyContext): Promise<AccuracyReport> {
    const { model, mask } = asked;
    const slices = this.project.predictions
      .list()
      .filter((prediction) => prediction.model === model)
      .map(({ z }) => z)
      .sort((a, b) => a - b);
    const measured: MeasuredSlice[] = [];
    const blank: number[] = [];
    for (const [i, z] of slices.entries()) {
      context.signal.throwIfAborted();
      context.progress(i, slices.length);
      const found = await this.slice(asked, z, context);
      if (found?.kind === 'blank') blank.push(z);
      else if (found) measured.push({ ...found, z });
    }
    if (measured.length === 0) throw nothingMeasured(asked.membrane, blank.length);
    context.progress(slices.length, slices.length);
    return { model, mask, ...pooledAccuracy(measured), blank };
  }

  private async slice(
    { model, mask, truth, membrane }: AskedAccuracy,
    z: number,
    { engine, signal, remark }: AccuracyContext,
  ): Promise<MeasuredMask | null> {
    const { labels, predictions, lines, stack } = this.project;
    const shown = await sliceMask({ labels, predictions, lines, model, mask, signal }, z);
    // A prediction that is damaged: nothing is shown there.
    if (shown === null) return null;
    const bytes = Uint8Array.from(shown);
    const key = createHash('sha256')
      .update(JSON.stringify([truth, membrane]))
      .update(bytes)
      .digest('hex');
    const known = this.found.get(z);
    if (known?.key === key) return known.measured;
    const { width, height } = stack.info;
    const measured = await engine.call(
      measureMask,
      () => ({ mask: bytes, width, height, truth, membrane, z, most: MOST_ERRORS }),
      { signal, remark },
    );
    this.found.set(z, { key, measured });
    return measured;
  }
}

function nothingMeasured(membrane: number, blank: number): MembranaError {
  if (blank > 0)
    return new MembranaError(
      'accuracy.no-truth',
      `The truth has no pixel of the value ${membrane} on any segmented slice.`,
      {
        hint: 'Choose another membrane value beside the truth, or segment a slice that the truth shows.',
        data: { membrane, blank },
      },
    );
  return new MembranaError(
    'accuracy.nothing-to-measure',
    'No slice has a prediction of the version in use.',
    { hint: 'Segment slices first, then measure.' },
  );
}
