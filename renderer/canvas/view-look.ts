import type { SlicePicture } from './slice-picture';
import { defaultLayers, type Layers } from './view-types';

interface ClassColour {
  readonly id: number;
  readonly colour: string;
}

/** How overlays are shown; kept from one stack to the next. */
export class ViewLook {
  readonly #changed: () => void;
  #layers: Layers = defaultLayers;
  #classes: readonly ClassColour[] = [];
  #threshold = 0.5;
  #hidden = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Membrane from this probability (0…1) on. */
  get threshold(): number {
    return this.#threshold;
  }

  get maskVisible(): boolean {
    return this.#layers.mask.visible && !this.#hidden;
  }

  setLayers(layers: Layers): void {
    this.#layers = layers;
    this.#changed();
  }

  /** Colours of classes beyond interior and membrane. */
  setClasses(classes: readonly ClassColour[]): void {
    this.#classes = classes;
    this.#changed();
  }

  /** Redrawn with the next frame. */
  setThreshold(threshold: number): void {
    this.#threshold = threshold;
    this.#changed();
  }

  /** Only the raw image, as long as it is true. */
  hideOverlays(hidden: boolean): void {
    this.#hidden = hidden;
    this.#changed();
  }

  applyTo(picture: SlicePicture): void {
    const [layers, classes, threshold] = [this.#layers, this.#classes, this.#threshold];
    picture.setLook({ layers, classes, threshold });
    picture.hideOverlays(this.#hidden);
  }
}
