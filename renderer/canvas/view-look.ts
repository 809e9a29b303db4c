import { MEMBRANE, VOID } from '#contract/label-byte';
import type { SlicePicture } from './slice-picture';
import { defaultLayers, type Layers } from './view-types';

interface ClassColour {
  readonly id: number;
  readonly colour: string;
}

/** Previews of what has no colour of its own. */
const PLAIN = '#b0b0b0';

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

  /** `#rrggbb` of what pixels are about to become. */
  previewColour(as: number | 'reviewed' | 'unreviewed'): string {
    switch (as) {
      case 'reviewed':
        return this.#layers.review.colour;
      case 'unreviewed':
      case VOID:
        return PLAIN;
      case MEMBRANE:
        return this.#layers.mask.colour;
      default:
        return this.#classes.find(({ id }) => id === as)?.colour ?? PLAIN;
    }
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
