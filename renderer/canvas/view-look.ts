import { MEMBRANE, VOID } from '#contract/label-byte';
import type { MaskThresholds } from '#contract/entities';
import { NO_MODEL } from '#contract/mask/mask-setting';
import type { SlicePicture } from './slice-picture';
import { defaultLayers, type FoundClass, type Layers } from './view-types';

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
  #known: readonly FoundClass[] = [];
  #found: readonly FoundClass[] = [];
  #hidden: ReadonlySet<number> = new Set();
  #contour = false;
  #differences = false;
  #held = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Where the mask begins. */
  get mask(): MaskThresholds {
    return this.#mask;
  }

  /** Classes beside membrane that are drawn where their maps reach these bytes. */
  get found(): readonly FoundClass[] {
    return this.#found;
  }

  /** The pixels of a class are not drawn. */
  hides(id: number): boolean {
    return this.#hidden.has(id);
  }

  get maskVisible(): boolean {
    return this.#layers.mask.visible && !this.#held;
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

  /** The classes beside membrane that the version knows, the first on top. */
  setFound(found: readonly FoundClass[]): void {
    // Lists are made anew with every change; equal ones cost the pictures nothing.
    if (JSON.stringify(found) === JSON.stringify(this.#known)) return;
    this.#known = found;
    this.#find();
  }

  /** Classes whose pixels are not drawn, by their numbers in the labels. */
  setHidden(hidden: ReadonlySet<number>): void {
    this.#hidden = hidden;
    this.#find();
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
    this.#held = hidden;
    this.#changed();
  }

  applyTo(picture: SlicePicture): void {
    const [layers, classes, mask, found] = [this.#layers, this.#classes, this.#mask, this.#found];
    const [hidden, contour, differences] = [this.#hidden, this.#contour, this.#differences];
    picture.setLook({ layers, classes, mask, found, hidden, contour, differences });
    picture.hideOverlays(this.#held);
  }

  #find(): void {
    this.#found = this.#known.filter(({ id }) => !this.#hidden.has(id));
    this.#changed();
  }
}
