import type {
  AccuracyReport,
  MaskThresholds,
  SegmentationError,
  TruthLayer,
} from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { sameThresholds } from '#contract/mask/mask-setting';
import type { AccuracyChange } from '../../strings/accuracy-strings';

/** What is measured against what; another one may have other scores. */
export interface AccuracyBasis {
  readonly model: ModelId | null;
  readonly mask: MaskThresholds;
  readonly truth: TruthLayer | null;
  /** The value of the truth that means membrane. */
  readonly membrane: number | null;
}

const none: ReadonlySet<number> = new Set();

/** How right the mask is by the truth that lies beside the stack, as main measured it, and which of its errors is in view. */
export class AccuracyState {
  report = $state.raw<AccuracyReport | null>(null);
  /** Of the list of errors; −1 = none of them is in view. */
  index = $state(-1);
  #basis = $state.raw<AccuracyBasis | null>(null);
  #asked: AccuracyBasis | null = null;
  /** Slices that were painted on, or predicted, since the last measuring began. */
  #painted = $state.raw<ReadonlySet<number>>(none);
  #predicted = $state.raw<ReadonlySet<number>>(none);

  readonly current = $derived<SegmentationError | null>(this.report?.worst[this.index] ?? null);

  /** Measured slices whose mask may be another now, and slices that got one. */
  readonly changedSlices = $derived.by((): ReadonlySet<number> => {
    const { report } = this;
    if (report === null) return none;
    const measured = new Set([...report.slices.map(({ z }) => z), ...report.blank]);
    const painted = [...this.#painted].filter((z) => measured.has(z));
    return new Set([...this.#predicted, ...painted]);
  });

  /** Main is asked to measure. */
  begin(basis: AccuracyBasis): void {
    this.#asked = basis;
  }

  /** Main begins: what it has said of slices so far is in, what changes from here on may come too late. */
  started(): void {
    this.#painted = none;
    this.#predicted = none;
  }

  /** Takes what was asked for; an answer to nothing, as of a truth that is closed, is passed over. */
  take(report: AccuracyReport): void {
    if (this.#asked === null) return;
    this.#basis = this.#asked;
    this.#asked = null;
    this.report = report;
    this.index = -1;
  }

  /** Why the report is not that of what is shown now; null = it is. */
  changed(now: AccuracyBasis): AccuracyChange | null {
    const basis = this.#basis;
    if (basis === null) return null;
    if (basis.truth !== now.truth || basis.membrane !== now.membrane) return 'membrane';
    if (basis.model !== now.model) return 'model';
    if (!sameThresholds(basis.mask, now.mask)) return 'mask';
    return this.changedSlices.size > 0 ? 'slices' : null;
  }

  /** The labels of slices are others. */
  painted(slices: readonly number[]): void {
    this.#painted = new Set([...this.#painted, ...slices]);
  }

  /** The predictions of slices are others, new, or gone. */
  predicted(model: ModelId, slices: readonly number[]): void {
    if (model !== (this.#asked ?? this.#basis)?.model) return;
    this.#predicted = new Set([...this.#predicted, ...slices]);
  }

  /** Goes to the error at a place of the list; null = there is none. */
  goTo(index: number): SegmentationError | null {
    const error = this.report?.worst[index] ?? null;
    if (error !== null) this.index = index;
    return error;
  }

  /** The truth is another, or gone with its project. */
  close(): void {
    this.report = null;
    this.index = -1;
    this.#basis = null;
    this.#asked = null;
    this.#painted = none;
    this.#predicted = none;
  }
}
