import type { ViewState } from '../../state/view/view.svelte';

/** CSS offsets, in the element that the slice fills, of image coordinates; pixel n lies from n to n + 1. */
export interface OnScreen {
  readonly x: (image: number) => string;
  readonly y: (image: number) => string;
}

/** Where the view puts a place of the slice; `slice` is its size in pixels. */
export function onScreen(
  { centre, scale }: Pick<ViewState, 'centre' | 'scale'>,
  slice: { readonly width: number; readonly height: number } | null,
): OnScreen {
  // Fitted to the window the middle of the slice is the middle of the view.
  const middle = centre ?? { x: (slice?.width ?? 0) / 2, y: (slice?.height ?? 0) / 2 };
  const from = (image: number, of: number): string =>
    `calc(50% + ${((image - of) * scale).toFixed(1)}px)`;
  return { x: (image) => from(image, middle.x), y: (image) => from(image, middle.y) };
}
