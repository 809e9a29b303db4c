import { MEMBRANE, VOID } from '#contract/label-byte';
import type { MaskThresholds } from '#contract/entities';
import { NO_MODEL } from '#contract/mask/mask-setting';
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
  #mask = NO_MODEL;
  #contour = false;
  #differences = false;
  #hidden = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Where the mask begins. */
  get mask(): MaskThresholds {
    return this.#mask;
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
      default:
        return (
          this.#classes.find(({ id }) => id === as)?.colour ??
          (as === MEMBRANE ? this.#layers.mask.colour : PLAIN)
        );
    }
  }

  /** The padlock of the mask's row. */
  get maskLocked(): boolean {
    return this.#layers.mask.locked;
  }

  /** The padlock of the review's row: nothing is confirmed. */
  get reviewLocked(): boolean {
    return this.#layers.review.locked;
  }

  setLayers(layers: Layers): void {
    this.#layers = layers;
    this.#changed();
  }

  /** Colours of the classes. */
  setClasses(classes: readonly ClassColour[]): void {
    this.#classes = classes;
    this.#changed();
  }

  /** Redrawn with the next frame. */
  setMask(mask: MaskThresholds): void {
    this.#mask = mask;
    this.#changed();
  }

  /** The mask as its outline. */
  setContour(contour: boolean): void {
    this.#contour = contour;
    this.#changed();
  }

  /** The truth as its differences from the mask. */
  setDifferences(differences: boolean): void {
    this.#differences = differences;
    this.#changed();
  }

  /** Only the raw image, as long as it is true. */
  hideOverlays(hidden: boolean): void {
    this.#hidden = hidden;
    this.#changed();
  }

  applyTo(picture: SlicePicture): void {
    const [layers, classes, mask] = [this.#layers, this.#classes, this.#mask];
    const [contour, differences] = [this.#contour, this.#differences];
    picture.setLook({ layers, classes, mask, contour, differences });
    picture.hideOverlays(this.#hidden);
  }
}
