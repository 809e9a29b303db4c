import type { Rect } from '#contract/tiles';
import type { ToolHost } from './tool';

/** All of the slice in view, in image pixels; empty while there is none. */
export function sliceRect({ labels }: ToolHost): Rect {
  return { x: 0, y: 0, width: labels?.tiles.width ?? 0, height: labels?.tiles.height ?? 0 };
}
