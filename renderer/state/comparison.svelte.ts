import type { ModelId } from '#contract/ids';

/** The pixels that flipped marked on the later mask, or one of the two masks alone. */
export type ComparisonSide = 'changed' | 'before' | 'after';

/** "Show what changed": one slice under two model versions. */
export class ComparisonState {
  versions = $state.raw<{ readonly before: ModelId; readonly after: ModelId } | null>(null);
  side = $state<ComparisonSide>('changed');

  /** The model whose prediction is drawn instead of the one in use; null = that one. */
  readonly shownModel = $derived.by((): ModelId | null => {
    if (this.versions === null) return null;
    return this.side === 'before' ? this.versions.before : this.versions.after;
  });

  start(before: ModelId, after: ModelId): void {
    this.versions = { before, after };
    this.side = 'changed';
  }

  end(): void {
    this.versions = null;
  }
}
