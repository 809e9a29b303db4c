import type { Rect } from '#contract/tiles';
import type { Point } from '#labels/rasterize';
import { toImage, type ViewGeometry } from './view-geometry';

/** Longest edge of the map, in CSS pixels. */
export const MAP_EDGE = 144;
/** The least side of the frame, so that it can be seen and taken hold of. */
const LEAST_FRAME = 8;

/** Size of the map of a slice: its longest edge is MAP_EDGE. */
export function mapSize({ imageWidth, imageHeight }: ViewGeometry): {
  readonly width: number;
  readonly height: number;
} {
  const scale = MAP_EDGE / Math.max(imageWidth, imageHeight);
  return {
    width: Math.max(LEAST_FRAME, Math.round(imageWidth * scale)),
    height: Math.max(LEAST_FRAME, Math.round(imageHeight * scale)),
  };
}

/** The view reaches beyond the slice nowhere: some of the slice is out of sight. */
export function isZoomedIn(g: ViewGeometry): boolean {
  return g.zoom * g.imageWidth > g.viewWidth + 1 || g.zoom * g.imageHeight > g.viewHeight + 1;
}

/** What is in sight, in CSS pixels of the map, clipped to it. */
export function frameOn(g: ViewGeometry): Rect {
  const size = mapSize(g);
  const [from, to] = [toImage(g, { x: 0, y: 0 }), toImage(g, { x: g.viewWidth, y: g.viewHeight })];
  const span = (a: number, b: number, image: number, map: number): readonly [number, number] => {
    const start = (Math.max(0, a) / image) * map;
    const long = Math.max(LEAST_FRAME, (Math.min(image, b) / image) * map - start);
    return [Math.max(0, Math.min(start, map - long)), Math.min(long, map)];
  };
  const [x, width] = span(from.x, to.x, g.imageWidth, size.width);
  const [y, height] = span(from.y, to.y, g.imageHeight, size.height);
  return { x, y, width, height };
}

/** The image point under a point of the map, in CSS pixels. */
export function mapToImage(g: ViewGeometry, { x, y }: Point): Point {
  const { width, height } = mapSize(g);
  return { x: (x / width) * g.imageWidth, y: (y / height) * g.imageHeight };
}
