import type { Rect } from '#contract/tiles';
import { OverlayCanvases } from './overlay-canvases';
import type { OverlayLook, OverlayTiles } from './overlay-look';
import type { MaskOf } from './slice-mask';
import type { At } from '../chunks/tile-address';
import type { TileCanvas, TileInk } from '../draw/tile-canvas';
import type { TileExtent } from './mask-outline';
import type { EarlierMask } from '../view-types';

/** Overlay tiles under another version, drawn left of a divider. It is there only while somebody swipes. */
export class BesideMask {
  readonly #overlays: OverlayCanvases;
  readonly of: EarlierMask;
  #found: EarlierMask['found'] = [];

  constructor(ink: TileInk, of: EarlierMask, look: Omit<OverlayLook, 'comparedMask'>) {
    this.#overlays = new OverlayCanvases(ink);
    this.of = of;
    this.setLook(look);
  }

  /** Layers and colours as those of the mask right of the divider. */
  setLook(look: Omit<OverlayLook, 'comparedMask'>): void {
    const { mask, found } = this.of;
    const visible = found.filter(({ id }) => !look.hidden.has(id));
    this.#overlays.setLook({ ...look, mask, found: visible, comparedMask: null });
    this.#found = visible;
  }

  /** Whose mask is drawn, hidden classes left out. */
  get masked(): MaskOf & EarlierMask {
    return { ...this.of, found: this.#found };
  }

  labelsChanged(z: number, rect: Rect): void {
    this.#overlays.labelsChanged(z, rect);
  }

  tile(at: At, tiles: OverlayTiles, extent: TileExtent): TileCanvas | null {
    return this.#overlays.tile(at, tiles, extent);
  }

  dispose(): void {
    this.#overlays.clear();
  }
}

/** The parts of a rectangle left and right of a vertical line at `x`; null where nothing of it lies there. */
export function partsBeside(
  { x, y, width, height }: Rect,
  divider: number,
): { readonly left: Rect | null; readonly right: Rect | null } {
  const cut = Math.min(x + width, Math.max(x, Math.round(divider)));
  const left = { x, y, width: cut - x, height };
  const right = { x: cut, y, width: x + width - cut, height };
  return { left: left.width > 0 ? left : null, right: right.width > 0 ? right : null };
}

/** Lets both sides of a tile draw themselves, each within its own part of `target`; true when nothing is missing. Sides that can't be seen are not asked. */
export function drawBeside(
  context: CanvasRenderingContext2D,
  target: Rect,
  divider: number,
  draw: Readonly<Record<'left' | 'right', () => boolean>>,
): boolean {
  const parts = partsBeside(target, divider);
  let complete = true;
  for (const side of ['left', 'right'] as const) {
    const part = parts[side];
    if (part === null) continue;
    context.save();
    context.beginPath();
    context.rect(part.x, part.y, part.width, part.height);
    context.clip();
    if (!draw[side]()) complete = false;
    context.restore();
  }
  return complete;
}
