/**
 * Mean width of the lines of a mask in pixels: twice its area over the length
 * of its edge, counted in pixel sides. A straight line of width w and length
 * much above w has 2 · w · l / (2 · l) = w; slanted lines come out up to √2
 * narrower, the same for two masks of one slice. 0 where there is no line.
 */
export function lineWidth(
  probability: Float32Array,
  threshold: number,
  width: number,
  height: number,
): number {
  let area = 0;
  let sides = 0;
  const inside = (at: number): boolean => (probability[at] ?? 0) >= threshold;
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 1) {
      const here = inside(at);
      if (here) area += 1;
      // Sides on the slice's own edge part nothing.
      if (x + 1 < width && here !== inside(at + 1)) sides += 1;
      if (y + 1 < height && here !== inside(at + width)) sides += 1;
    }
  }
  return sides === 0 ? 0 : (2 * area) / sides;
}
