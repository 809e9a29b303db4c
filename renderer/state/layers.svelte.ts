import { defaultLayers, type Layers, type OverlayLayer } from '../canvas/view-types';

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

/** Fixed rows of the panel, top first; the raw image has a row of its own below. */
export const overlayOrder: readonly OverlayName[] = ['mask', 'prediction', 'review'];

/** How each layer is drawn, and whether H holds all overlays back. */
export class LayersState {
  looks = $state.raw<Layers>(defaultLayers);
  /** H is held: the raw image alone. */
  held = $state(false);

  readonly shown = $derived.by((): Layers => {
    if (!this.held) return this.looks;
    const hidden = (look: OverlayLayer): OverlayLayer => ({ ...look, visible: false });
    const { mask, prediction, review } = this.looks;
    return {
      raw: { visible: true },
      mask: hidden(mask),
      prediction: hidden(prediction),
      review: hidden(review),
    };
  });

  change(layer: OverlayName, change: Partial<OverlayLayer>): void {
    this.looks = { ...this.looks, [layer]: { ...this.looks[layer], ...change } };
  }

  toggle(layer: LayerName): void {
    const look = this.looks[layer];
    this.looks = { ...this.looks, [layer]: { ...look, visible: !look.visible } };
  }

  /** This overlay and the raw image alone. */
  solo(layer: OverlayName): void {
    for (const name of overlayOrder) this.change(name, { visible: name === layer });
    this.looks = { ...this.looks, raw: { visible: true } };
  }

  /** Makes the visible overlays stronger (step > 0) or fainter, within 5…100 %. */
  nudgeOpacity(step: number): void {
    for (const name of overlayOrder) {
      const { visible, opacity } = this.looks[name];
      if (visible) this.change(name, { opacity: Math.min(1, Math.max(0.05, opacity + step)) });
    }
  }
}
