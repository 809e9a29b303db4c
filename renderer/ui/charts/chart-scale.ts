/** Chart arithmetic; positions are CSS pixels, y downwards. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Maps [from, to] on to [start, end]; an empty interval maps to the start. */
export function scale(from: number, to: number, start: number, end: number) {
  const span = to - from;
  return (value: number): number =>
    span === 0 ? start : start + ((value - from) / span) * (end - start);
}

/** The 1-2-5 step that cuts `span` into at most `most` parts. */
export function niceStep(span: number, most: number): number {
  if (!(span > 0)) return 1;
  const rough = span / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((each) => each * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Round numbers from 0 that cover [0, max]; the last is the top of the axis. */
export function ticksFromZero(max: number, most = 3): number[] {
  const step = niceStep(Math.max(max, 1e-6), most);
  const count = Math.max(1, Math.ceil(max / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}

/**
 * At most `most` points, each the mean of its share of neighbours, so that a
 * noisy curve of thousands of steps stays readable. First and last x are kept.
 */
export function thinned(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const mean = (part: readonly Point[], of: (point: Point) => number): number =>
    part.reduce((sum, point) => sum + of(point), 0) / part.length;
  return Array.from({ length: most }, (_, index) => {
    const start = Math.floor((index * points.length) / most);
    const end = Math.floor(((index + 1) * points.length) / most);
    const part = points.slice(start, end);
    const x = (point: Point): number => point.x;
    const edge = index === 0 ? part[0] : index === most - 1 ? part[part.length - 1] : undefined;
    return { x: edge?.x ?? mean(part, x), y: mean(part, (point) => point.y) };
  });
}

/** An SVG path through the points; points that are not finite are left out. */
export function pathOf(points: readonly Point[]): string {
  return points
    .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))
    .map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join('');
}
