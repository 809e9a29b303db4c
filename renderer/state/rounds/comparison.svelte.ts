import type { ModelId } from '#contract/ids';

/** The pixels that flipped marked on the later mask, one of the two masks alone, or the earlier left of a divider and the later right of it. */
export type ComparisonSide = 'changed' | 'before' | 'after' | 'swipe';

/** "Show what changed": one slice under two model versions. */
export class ComparisonState {
  versions = $state.raw<{ readonly before: ModelId; readonly after: ModelId } | null>(null);
  side = $state<ComparisonSide>('changed');
  /** Where the divider of a swipe stands, as a share of the view's width. */
  divider = $state(0.5);

  /** The model whose prediction is drawn instead of the one in use; null = that one. */
  readonly shownModel = $derived.by((): ModelId | null => {
    if (this.versions === null) return null;
    return this.side === 'before' ? this.versions.before : this.versions.after;
  });

  /** Predictions that are being made for it. */
  making = $state.raw<{
    readonly z: number;
    readonly models: readonly ModelId[];
    readonly abort: AbortController;
  } | null>(null);
  /** A slice whose predictions nobody makes unasked: that was stopped, or failed. */
  left = $state<number | null>(null);

  start(before: ModelId, after: ModelId, side: ComparisonSide = 'changed'): void {
    this.versions = { before, after };
    this.side = side;
    this.divider = 0.5;
  }

  moveDivider(share: number): void {
    if (Number.isFinite(share)) this.divider = Math.min(1, Math.max(0, share));
  }

  end(): void {
    this.versions = null;
    this.making?.abort.abort();
    this.left = null;
  }
}
