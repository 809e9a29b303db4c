import type { AuditPlace, AuditView, FoundAudit, MaskThresholds } from '#contract/entities';
import { sameThresholds } from '#contract/mask/mask-setting';
import type { ModelId } from '#contract/ids';

/** The audit of the open project, and the place that is looked at. */
export class AuditState {
  view = $state.raw<AuditView | null>(null);
  /** Number of the place in view, from 0; null = none is looked at. */
  index = $state<number | null>(null);
  /** What lies in the project of an audit can't be read. */
  damaged = $state(false);
  drawing = $state(false);
  /** An answer is on its way to the disk. */
  keeping = $state(false);

  readonly place = $derived<AuditPlace | null>(
    this.index === null ? null : (this.view?.audit.places[this.index] ?? null),
  );

  show(view: AuditView): void {
    this.view = view;
    this.damaged = false;
  }

  /** Takes what main found in the project. */
  take(found: FoundAudit): void {
    if (found.kind === 'kept') this.show(found.view);
    else this.view = null;
    this.damaged = found.kind === 'damaged';
  }

  /** Whether the places were drawn of this version and this mask. */
  isOf(model: ModelId | null, mask: MaskThresholds): boolean {
    const state = this.view?.audit.state;
    return state?.model === model && sameThresholds(state.mask, mask);
  }

  /** Goes to the first place after this one that has no answer; null = all have one. */
  next(): AuditPlace | null {
    const places = this.view?.audit.places ?? [];
    const from = (this.index ?? -1) + 1;
    const waiting = [...places.keys()].filter((i) => places[i]?.answer === null);
    this.index = waiting.find((i) => i >= from) ?? waiting[0] ?? null;
    return this.place;
  }

  /** Back to the place before, answered or not; null = there is none. */
  previous(): AuditPlace | null {
    const last = (this.view?.audit.places.length ?? 0) - 1;
    const before = this.index === null ? last : this.index - 1;
    if (before < 0) return null;
    this.index = before;
    return this.place;
  }

  /** Nothing is looked at. */
  leave(): void {
    this.index = null;
  }

  /** Another project. */
  close(): void {
    this.view = null;
    this.damaged = false;
    this.index = null;
    this.drawing = false;
    this.keeping = false;
  }
}
