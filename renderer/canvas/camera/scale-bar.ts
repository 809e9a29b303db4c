/** Longest bar, in CSS pixels. */
const LONGEST = 110;

/**
 * A bar of a round length (1, 2 or 5 times a power of ten, in nanometres) that
 * fits. `pixelSize` = edge of an image pixel in nm, `scale` = CSS pixels an
 * image pixel. `width` in CSS pixels.
 */
export function scaleBar(
  pixelSize: number,
  scale: number,
  longest = LONGEST,
): { readonly length: number; readonly width: number } {
  const perNanometre = scale / pixelSize;
  const most = longest / perNanometre;
  const power = 10 ** Math.floor(Math.log10(most));
  const factor = [5, 2, 1].find((one) => one * power <= most * (1 + 1e-9)) ?? 1;
  const length = factor * power;
  return { length, width: length * perNanometre };
}
