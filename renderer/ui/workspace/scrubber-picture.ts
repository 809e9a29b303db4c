export interface SlicesPicture {
  /** Decides the greys that are read from the style sheet. */
  readonly theme: string;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  /** Shares of a slice that were painted and confirmed, 0…1. */
  readonly reviewed: (z: number) => { readonly painted: number; readonly confirmed: number };
  readonly predicted: (z: number) => boolean;
  /** What is shown was predicted by an earlier version than the one in use. */
  readonly old: (z: number) => boolean;
  readonly colours: { readonly review: string; readonly prediction: string };
}

/** Slices that one bar stands for, so that a bar is never thinner than three pixels. */
export function slicesPerBar(depth: number, width: number): number {
  return Math.max(1, Math.ceil((depth * 3) / Math.max(1, width)));
}

/** Draws a bar a slice (or a few): blue where predicted, half as high where that is of an earlier version, green from below as far as reviewed; what was painted is brighter than what was confirmed. */
export function drawSlices(canvas: HTMLCanvasElement, picture: SlicesPicture): void {
  const { width, height, depth } = picture;
  const ratio = window.devicePixelRatio;
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  if (!context) return;
  const style = getComputedStyle(canvas);
  const track = style.getPropertyValue('--track');
  const text = style.getPropertyValue('--text');
  context.scale(ratio, ratio);
  const each = slicesPerBar(depth, width);
  const bars = Math.ceil(depth / each);
  const pitch = width / bars;
  const gap = gapOf(pitch);
  const top = 5;
  const tall = height - 2 * top;
  for (let bar = 0; bar < bars; bar += 1) {
    const first = bar * each;
    const count = Math.min(each, depth - first);
    let painted = 0;
    let confirmed = 0;
    let predicted = 0;
    let old = 0;
    for (let z = first; z < first + count; z += 1) {
      const shares = picture.reviewed(z);
      painted += shares.painted / count;
      confirmed += shares.confirmed / count;
      predicted += (picture.predicted(z) ? 1 : 0) / count;
      old += (picture.old(z) ? 1 : 0) / count;
    }
    const x = bar * pitch;
    const wide = pitch - gap;
    context.beginPath();
    context.roundRect(x, top, wide, tall, Math.min(3, wide / 2));
    context.save();
    context.clip();
    context.fillStyle = track;
    context.globalAlpha = 0.6;
    context.fillRect(x, top, wide, tall);
    context.fillStyle = picture.colours.prediction;
    context.globalAlpha = 0.55;
    if (predicted > 0) context.fillRect(x, top, wide * predicted, tall);
    if (old > 0) context.fillRect(x + wide * predicted, top + tall / 2, wide * old, tall / 2);
    context.globalAlpha = 1;
    context.fillStyle = picture.colours.review;
    // Anything reviewed shows at least as a line.
    const reviewed = Math.min(1, painted + confirmed);
    const filled = reviewed === 0 ? 0 : Math.max(2, tall * reviewed);
    context.fillRect(x, top + tall - filled, wide, filled);
    context.fillStyle = text;
    context.globalAlpha = 0.22;
    const bright = filled * (reviewed === 0 ? 0 : Math.min(1, painted / reviewed));
    context.fillRect(x, top + tall - bright, wide, bright);
    context.restore();
  }
}

/** Where the mark of the slice in view stands: CSS pixels from the left, and its width. */
export function markPlace(
  current: number,
  depth: number,
  width: number,
): { readonly left: number; readonly width: number } {
  const each = slicesPerBar(depth, width);
  const bars = Math.ceil(depth / each);
  const left = Math.max(0, (Math.floor(current / each) / bars) * width - 2);
  const wide = Math.max(5, width / bars - gapOf(width / bars)) + 4;
  return { left, width: Math.min(wide, width - left) };
}

/** Room between bars of a pitch, CSS pixels. */
function gapOf(pitch: number): number {
  return pitch > 8 ? 2 : pitch > 4 ? 1 : 0;
}
