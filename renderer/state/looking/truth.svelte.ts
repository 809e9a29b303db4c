import type { TruthLayer } from '#contract/entities';

/** The label stack opened beside the stack to compare with; it is only looked at. */
export class TruthState {
  layer = $state.raw<TruthLayer | null>(null);
  opening = $state(false);
  /** The value of the label stack that means membrane; null while nobody has said. */
  membrane = $state<number | null>(null);
  /** Where mask and truth differ, instead of the truth itself. */
  differences = $state(false);

  show(layer: TruthLayer): void {
    this.layer = layer;
    this.membrane = layer.membrane;
  }

  close(): void {
    this.layer = null;
    this.membrane = null;
    this.opening = false;
    this.differences = false;
  }
}
