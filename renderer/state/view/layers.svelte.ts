import type { LayerLooks, OverlayLayer } from '#contract/entities';
import { defaultLayers, type Layers } from '../../canvas/view-types';

export type LayerName = keyof Layers;
export type OverlayName = Exclude<LayerName, 'raw'>;

/** Okabe–Ito: seven colours that colour-blind eyes tell apart. */
export const overlayColours = [
  '#e69f00',
  '#56b4e9',
  '#009e73',
  '#f0e442',
  '#0072b2',
  '#d55e00',
  '#cc79a7',
] as const;

/** Fixed rows of the panel, top first; the raw image has the last, above its histogram. */
export const overlayOrder: readonly OverlayName[] = [
  'mask',
  'cells',
  'prediction',
  'review',
  'uncertainty',
  'truth',
];

/** Rows with a padlock: hands can change what lies there. */
export const lockable: readonly OverlayName[] = ['mask', 'review'];

/** Least opacity that a nudge leaves, so that a visible layer stays one. */
const FAINTEST = 0.05;

/** How each layer is drawn, and whether H holds all overlays back. */
export class LayersState {
  looks = $state.raw<Layers>(defaultLayers);
  /** H is held: the raw image alone. */
  held = $state(false);
  /** The mask as its outline. */
  contour = $state(false);

  readonly shown = $derived.by((): Layers => {
    if (!this.held) return this.looks;
    const hidden = (look: OverlayLayer): OverlayLayer => ({ ...look, visible: false });
    const { cells, prediction, mask, review, uncertainty, truth } = this.looks;
    return {
      raw: { visible: true },
      cells: hidden(cells),
      prediction: hidden(prediction),
      mask: hidden(mask),
      review: hidden(review),
      uncertainty: hidden(uncertainty),
      truth: hidden(truth),
    };
  });

  /** As a project was looked at last; the truth stays hidden, since its file is not open yet. */
  start(saved: LayerLooks | null, contour: boolean): void {
    this.looks = saved ?? defaultLayers;
    this.change('truth', { visible: false });
    this.contour = contour;
  }

  change(layer: OverlayName, change: Partial<OverlayLayer>): void {
    this.looks = { ...this.looks, [layer]: { ...this.looks[layer], ...change } };
  }

  toggle(layer: LayerName): void {
    const look = this.looks[layer];
    this.looks = { ...this.looks, [layer]: { ...look, visible: !look.visible } };
  }

  /** This layer and the raw image alone; for the raw image, no overlay. */
  solo(layer: LayerName): void {
    for (const name of overlayOrder) this.change(name, { visible: name === layer });
    this.looks = { ...this.looks, raw: { visible: true } };
  }

  /** Makes one layer stronger (step > 0) or fainter, within 5…100 %. */
  nudge(layer: OverlayName, step: number): void {
    const { opacity } = this.looks[layer];
    const rounded = Math.round((opacity + step) * 100) / 100;
    this.change(layer, { opacity: Math.min(1, Math.max(FAINTEST, rounded)) });
  }

  /** Makes the visible overlays stronger (step > 0) or fainter, within 5…100 %. */
  nudgeOpacity(step: number): void {
    for (const name of overlayOrder) if (this.looks[name].visible) this.nudge(name, step);
  }
}
