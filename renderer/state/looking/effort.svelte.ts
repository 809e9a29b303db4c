import type { Effort } from '#contract/entities';
import { ActiveTime } from './active-time';

/** What was put into the open project by hand, as main counts it, and the time at the canvas that main is yet to hear of. */
export class EffortState {
  /** null = nothing is open. */
  spent = $state.raw<Effort | null>(null);
  readonly time = new ActiveTime();

  show(effort: Effort): void {
    this.spent = effort;
  }

  /** Another project. */
  close(): void {
    this.spent = null;
    this.time.leave();
  }
}
