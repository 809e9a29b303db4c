import type { ModelId } from '#contract/ids';

/** "Show what changed": two versions of one slice, one shown at a time. */
export class ComparisonState {
  versions = $state.raw<{ readonly before: ModelId; readonly after: ModelId } | null>(null);
  side = $state<'before' | 'after'>('after');

  /** The model whose prediction is drawn instead of the one in use. */
  readonly shownModel = $derived(this.versions === null ? null : this.versions[this.side]);

  start(before: ModelId, after: ModelId): void {
    this.versions = { before, after };
    this.side = 'before';
  }

  end(): void {
    this.versions = null;
  }
}
