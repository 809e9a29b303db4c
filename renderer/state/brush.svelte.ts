import { MEMBRANE } from '#contract/label-byte';
import type { ToolName } from '../tools/tool-names';

/** Radii in image pixels that a key press steps through; fine where small brushes need it. */
const radii = [
  0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 50, 64, 80, 100, 128, 160, 200, 250,
];
const smallest = radii[0] ?? 0.5;
const largest = radii[radii.length - 1] ?? 250;

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

/** Tool, brush sizes (remembered per tool) and the class that is painted. */
export class BrushState {
  tool = $state<ToolName>('brush');
  label = $state<number>(MEMBRANE);
  #brushRadius = $state(12);
  #eraserRadius = $state(16);
  #previous: ToolName = 'brush';

  /** Radius of the tool in hand, image pixels. */
  readonly radius = $derived(this.tool === 'eraser' ? this.#eraserRadius : this.#brushRadius);
  readonly sized = $derived(this.tool === 'brush' || this.tool === 'eraser');

  take(tool: ToolName): void {
    if (tool !== this.tool) this.#previous = this.tool;
    this.tool = tool;
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
    if (this.tool === 'eraser') this.#eraserRadius = clamped;
    else this.#brushRadius = clamped;
  }

  step(direction: 1 | -1): void {
    this.resize(steppedRadius(this.radius, direction));
  }

  choose(label: number): void {
    this.label = label;
    if (this.tool !== 'brush') this.take('brush');
  }
}
