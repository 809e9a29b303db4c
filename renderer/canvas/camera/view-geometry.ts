import { sizeAtLevel, TILE_SIZE, type Rect } from '#contract/tiles';
import type { Point } from '#labels/rasterize';

/** How a slice lies in the view. Lengths of the view in CSS pixels, of the image in level-0 pixels. */
export interface ViewGeometry {
  readonly viewWidth: number;
  readonly viewHeight: number;
  /** Device pixels per CSS pixel. */
  readonly pixelRatio: number;
  readonly imageWidth: number;
  readonly imageHeight: number;
  /** CSS pixels per pixel of a slice. */
  readonly zoom: number;
  /** Length and height of an image pixel, in pixels of a slice: 1 and 1 but in planes at right angles to the slices. */
  readonly stretch: Point;
  /** Image point at the view's centre. */
  readonly centre: Point;
}

/** A pixel as large as half a screen is close enough. */
export const MAX_ZOOM = 64;
/** How far one may back off from the fitted slice. */
const SMALLEST_OF_FIT = 0.5;
/** Part of the view that a fitted slice fills. */
const FIT_MARGIN = 0.97;

export function toImage(g: ViewGeometry, view: Point): Point {
  return {
    x: g.centre.x + (view.x - g.viewWidth / 2) / (g.zoom * g.stretch.x),
    y: g.centre.y + (view.y - g.viewHeight / 2) / (g.zoom * g.stretch.y),
  };
}

export function toView(g: ViewGeometry, image: Point): Point {
  return {
    x: (image.x - g.centre.x) * g.zoom * g.stretch.x + g.viewWidth / 2,
    y: (image.y - g.centre.y) * g.zoom * g.stretch.y + g.viewHeight / 2,
  };
}

/** Zoom at which the whole slice is in sight. */
export function fitZoom(g: ViewGeometry): number {
  const across = g.viewWidth / (g.imageWidth * g.stretch.x);
  const down = g.viewHeight / (g.imageHeight * g.stretch.y);
  const zoom = Math.min(across, down) * FIT_MARGIN;
  return Number.isFinite(zoom) && zoom > 0 ? zoom : 1;
}

export function fitted(g: ViewGeometry): ViewGeometry {
  return { ...g, zoom: fitZoom(g), centre: { x: g.imageWidth / 2, y: g.imageHeight / 2 } };
}

/** The same image point stays under `view`. */
export function zoomedAt(g: ViewGeometry, view: Point, zoom: number): ViewGeometry {
  const least = Math.min(fitZoom(g) * SMALLEST_OF_FIT, 1);
  const next = Math.min(MAX_ZOOM, Math.max(least, zoom));
  const fixed = toImage(g, view);
  return centredOn(
    { ...g, zoom: next },
    {
      x: fixed.x - (view.x - g.viewWidth / 2) / (next * g.stretch.x),
      y: fixed.y - (view.y - g.viewHeight / 2) / (next * g.stretch.y),
    },
  );
}

/** The centre of the view never leaves the slice. */
export function centredOn(g: ViewGeometry, centre: Point): ViewGeometry {
  return {
    ...g,
    centre: {
      x: Math.min(g.imageWidth, Math.max(0, centre.x)),
      y: Math.min(g.imageHeight, Math.max(0, centre.y)),
    },
  };
}

export function panned(g: ViewGeometry, dx: number, dy: number): ViewGeometry {
  const { x, y } = g.centre;
  return centredOn(g, {
    x: x - dx / (g.zoom * g.stretch.x),
    y: y - dy / (g.zoom * g.stretch.y),
  });
}

/** The part of the slice that is in sight, grown by `margin` image pixels; empty when none is. */
export function visibleRect(g: ViewGeometry, margin = 0): Rect {
  const from = toImage(g, { x: 0, y: 0 });
  const to = toImage(g, { x: g.viewWidth, y: g.viewHeight });
  const x = Math.max(0, Math.floor(from.x - margin));
  const y = Math.max(0, Math.floor(from.y - margin));
  return {
    x,
    y,
    width: Math.max(0, Math.min(g.imageWidth, Math.ceil(to.x + margin)) - x),
    height: Math.max(0, Math.min(g.imageHeight, Math.ceil(to.y + margin)) - y),
  };
}

/** Device pixels per image pixel along each axis. */
export function deviceScale({ zoom, pixelRatio, stretch }: ViewGeometry): Point {
  return { x: zoom * pixelRatio * stretch.x, y: zoom * pixelRatio * stretch.y };
}

/** The coarsest pyramid level that has at least one pixel for every device pixel, both ways; 0 from 1:1 on. */
export function levelFor(g: ViewGeometry, levels: number): number {
  const { x, y } = deviceScale(g);
  const level = Math.floor(-Math.log2(Math.max(x, y)) + 1e-6);
  return Math.min(levels - 1, Math.max(0, level));
}

/** An edge of an image rectangle in whole device pixels, so that neighbouring tiles meet without a seam. */
function deviceEdge(image: number, centre: number, half: number, scale: number): number {
  return Math.round((image - centre) * scale + half);
}

/** An image rectangle in device pixels, edges rounded. */
export function deviceRect(g: ViewGeometry, rect: Rect): Rect {
  const scale = deviceScale(g);
  const halfWidth = (g.viewWidth * g.pixelRatio) / 2;
  const halfHeight = (g.viewHeight * g.pixelRatio) / 2;
  const x = deviceEdge(rect.x, g.centre.x, halfWidth, scale.x);
  const y = deviceEdge(rect.y, g.centre.y, halfHeight, scale.y);
  return {
    x,
    y,
    width: deviceEdge(rect.x + rect.width, g.centre.x, halfWidth, scale.x) - x,
    height: deviceEdge(rect.y + rect.height, g.centre.y, halfHeight, scale.y) - y,
  };
}

/** What a tile of a level covers, in level-0 pixels; the last ones end with the slice. */
export function coveredBy(
  g: Pick<ViewGeometry, 'imageWidth' | 'imageHeight'>,
  level: number,
  tx: number,
  ty: number,
): Rect {
  const edge = TILE_SIZE * 2 ** level;
  const x = tx * edge;
  const y = ty * edge;
  return {
    x,
    y,
    width: Math.min(edge, g.imageWidth - x),
    height: Math.min(edge, g.imageHeight - y),
  };
}

/** Pixels of a tile of a level that lie in the slice. */
export function tileExtent(
  g: Pick<ViewGeometry, 'imageWidth' | 'imageHeight'>,
  level: number,
  tx: number,
  ty: number,
): { readonly width: number; readonly height: number } {
  return {
    width: Math.min(TILE_SIZE, sizeAtLevel(g.imageWidth, level) - tx * TILE_SIZE),
    height: Math.min(TILE_SIZE, sizeAtLevel(g.imageHeight, level) - ty * TILE_SIZE),
  };
}
