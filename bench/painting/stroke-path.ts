/** Whole CSS pixels of the window. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Seconds of one swing across and down: about as fast as a hurried hand, 1,000 px a second. */
const ACROSS = 2.9;
const DOWN = 2.3;
/** Free room around the swing, for what lies over the picture's edges. */
const MARGIN = 90;

/** A stroke of `seconds` at `rate` positions a second that swings all over a box. */
export function strokePath(box: Box, seconds: number, rate: number, phase: number): Spot[] {
  return Array.from({ length: Math.round(seconds * rate) }, (_, i) => {
    const time = i / rate;
    const across = Math.sin((2 * Math.PI * time) / ACROSS + phase);
    const down = Math.sin((2 * Math.PI * time) / DOWN + phase * 2);
    return {
      x: Math.round(box.x + box.width / 2 + (box.width / 2 - MARGIN) * across),
      y: Math.round(box.y + box.height / 2 + (box.height / 2 - MARGIN) * down),
    };
  });
}
