import type { ToolInHand } from '#contract/entities';
import { MEMBRANE } from '#contract/label-byte';
import type { Overwrite } from '#labels/paint-mode';
import type { ProposalInfo } from '../canvas/view-types';
import { isBrush, toolNamed, type ToolName } from '../tools/tool-names';
import { defaultToolSettings, type Adjustment, type ToolSettings } from '../tools/tool-settings';

/** Radii in image pixels that a key press steps through; fine where small brushes need it. */
const radii = [
  ...[0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 50, 64, 80, 100, 128],
  ...[160, 200, 256, 320, 400, 500],
];
const smallest = radii[0] ?? 0.5;
const largest = radii[radii.length - 1] ?? 500;

/** The next radius up or down the ladder of sizes. */
export function steppedRadius(radius: number, direction: 1 | -1): number {
  if (direction === 1) return radii.find((each) => each > radius + 1e-6) ?? largest;
  return radii.findLast((each) => each < radius - 1e-6) ?? smallest;
}

/** Slider position 0…1 for a radius and back: logarithmic, so small sizes get as much room as large ones. */
export function radiusToSlider(radius: number): number {
  return Math.log(radius / smallest) / Math.log(largest / smallest);
}
export function sliderToRadius(position: number): number {
  const radius = smallest * (largest / smallest) ** Math.min(1, Math.max(0, position));
  return radius < 3 ? Math.round(radius * 2) / 2 : Math.round(radius);
}

/** Amounts of each adjustment in pixels: where it begins, its limits, and the step of a key. */
export const amountRanges: Readonly<
  Record<Adjustment, { start: number; min: number; max: number; step: number }>
> = {
  grow: { start: 2, min: 1, max: 20, step: 1 },
  shrink: { start: 2, min: 1, max: 20, step: 1 },
  smooth: { start: 3, min: 1, max: 20, step: 1 },
  'remove-specks': { start: 50, min: 5, max: 2000, step: 5 },
  'fill-holes': { start: 200, min: 5, max: 20_000, step: 50 },
};

const TOLERANCE_STEP = 4;

/** Tools that paint with the class in hand. */
const withClass: ReadonlySet<ToolName> = new Set<ToolName>([
  ...(['brush', 'fill', 'lasso', 'polygon', 'wand', 'follower', 'adjust'] as const),
]);

type SizedTool = 'brush' | 'eraser' | 'confirm-brush' | 'unreview-brush';

/** Tool, sizes (remembered per tool), the class that is painted and the options of the tools. */
export class BrushState {
  tool = $state<ToolName>('brush');
  label = $state<number>(MEMBRANE);
  overwrite = $state.raw<Overwrite>({ kind: 'all' });
  gate = $state.raw<ToolSettings['gate']>(defaultToolSettings.gate);
  tolerance = $state(defaultToolSettings.tolerance);
  penPressure = $state(defaultToolSettings.penPressure);
  eraseTo = $state(defaultToolSettings.eraseTo);
  adjustment = $state<Adjustment>('grow');
  /** Where the tools stand, as `wand.waiting`. */
  path = $state('brush.idle');
  /** A step that waits for Enter. */
  proposal = $state.raw<ProposalInfo | null>(null);
  #radii = $state.raw<Readonly<Record<SizedTool, number>>>({
    brush: 12,
    eraser: 16,
    'confirm-brush': 24,
    'unreview-brush': 24,
  });
  #amounts = $state.raw<Readonly<Record<Adjustment, number>>>({
    grow: amountRanges.grow.start,
    shrink: amountRanges.shrink.start,
    smooth: amountRanges.smooth.start,
    'remove-specks': amountRanges['remove-specks'].start,
    'fill-holes': amountRanges['fill-holes'].start,
  });
  #previous: ToolName = 'brush';

  /** Radius of the tool in hand, image pixels; tools without a size of their own draw with the brush's. */
  readonly radius = $derived(this.#radii[isBrush(this.tool) ? this.tool : 'brush']);
  readonly sized = $derived(isBrush(this.tool) || this.tool === 'follower');
  /** The tool in hand paints with the class in hand. */
  readonly paintsClass = $derived(withClass.has(this.tool));
  readonly amount = $derived(this.#amounts[this.adjustment]);
  /** What comes back when the project opens again. */
  readonly hand = $derived.by((): ToolInHand => {
    return { tool: this.tool, label: this.label, radii: this.#radii };
  });
  readonly settings = $derived.by((): ToolSettings => {
    const { tolerance, gate, penPressure, eraseTo, adjustment, amount } = this;
    return { tolerance, gate, penPressure, eraseTo, adjustment, amount };
  });

  /** Takes up what was in hand last; a class that is gone (`paintable` says so) stays away. */
  restore(hand: ToolInHand | null, paintable: (label: number) => boolean): void {
    this.tool = toolNamed(hand?.tool ?? '') ?? 'brush';
    this.#previous = 'brush';
    if (hand === null) return;
    this.#radii = hand.radii;
    if (paintable(hand.label)) this.label = hand.label;
  }

  take(tool: ToolName): void {
    if (tool !== this.tool) this.#previous = this.tool;
    this.tool = tool;
  }

  /** Takes up the tool that adjusts a class as a whole. */
  adjust(adjustment: Adjustment): void {
    this.adjustment = adjustment;
    this.take('adjust');
  }

  /** Back to the brush or eraser that was in hand before. */
  putBack(): void {
    this.tool = this.#previous === 'eraser' ? 'eraser' : 'brush';
  }

  swap(): void {
    this.take(this.tool === 'eraser' ? 'brush' : 'eraser');
  }

  resize(radius: number): void {
    const clamped = Math.min(largest, Math.max(smallest, radius));
    this.#radii = { ...this.#radii, [isBrush(this.tool) ? this.tool : 'brush']: clamped };
  }

  /** What `[` and `]` change: the size, or what the tool in hand has instead. */
  step(direction: 1 | -1): void {
    if (this.tool === 'wand') this.setTolerance(this.tolerance + direction * TOLERANCE_STEP);
    else if (this.tool === 'adjust') this.#stepAmount(direction);
    else this.resize(steppedRadius(this.radius, direction));
  }

  setTolerance(tolerance: number): void {
    this.tolerance = Math.min(255, Math.max(0, Math.round(tolerance)));
  }

  setAmount(amount: number): void {
    const { min, max } = amountRanges[this.adjustment];
    const clamped = Math.min(max, Math.max(min, Math.round(amount)));
    this.#amounts = { ...this.#amounts, [this.adjustment]: clamped };
  }

  /** Everything, then only untouched pixels, then only this class, and round again. */
  nextOverwrite(): void {
    const next: Readonly<Record<Overwrite['kind'], Overwrite>> = {
      all: { kind: 'untouched' },
      untouched: { kind: 'only-class', class: this.label },
      'only-class': { kind: 'all' },
    };
    this.overwrite = next[this.overwrite.kind];
  }

  choose(label: number): void {
    this.label = label;
    if (!this.paintsClass) this.take('brush');
  }

  #stepAmount(direction: 1 | -1): void {
    const { step } = amountRanges[this.adjustment];
    this.setAmount(this.amount + direction * step);
  }
}
