interface Size {
  readonly width: number;
  readonly height: number;
}

let scratch: CanvasRenderingContext2D | null = null;

/**
 * A picture brought to the size of `target` in the direction in which it is
 * larger, smoothly, and left as it is in the other: there pixels are seen one by
 * one and shall keep their edges. What comes back is overwritten by the next call.
 */
export function squeezed(
  picture: HTMLCanvasElement,
  size: Size,
  target: Size,
): Size & { readonly canvas: HTMLCanvasElement } {
  const width = Math.max(1, Math.min(size.width, target.width));
  const height = Math.max(1, Math.min(size.height, target.height));
  scratch ??= document.createElement('canvas').getContext('2d');
  if (!scratch) throw new Error('this window has no 2D canvas');
  const { canvas } = scratch;
  if (canvas.width < width) canvas.width = width;
  if (canvas.height < height) canvas.height = height;
  scratch.clearRect(0, 0, width, height);
  scratch.imageSmoothingEnabled = true;
  scratch.imageSmoothingQuality = 'medium';
  scratch.drawImage(picture, 0, 0, size.width, size.height, 0, 0, width, height);
  return { canvas, width, height };
}
