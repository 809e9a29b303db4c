export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** CSS pixels between the card and what it points at, and the window's edges. */
const GAP = 14;

/**
 * Where a card of `card` size goes beside `anchor` within a window of `view`
 * size: under what lies at the top (but not at the left, where the tools are
 * one below the other), else to the right where there is room,
 * else to the left; never over the anchor where it can be helped, always inside.
 */
export function placeCard(
  anchor: Box,
  card: { readonly width: number; readonly height: number },
  view: { readonly width: number; readonly height: number },
): Place {
  const within = (at: number, size: number, room: number): number =>
    Math.max(GAP, Math.min(at, room - size - GAP));
  const below = anchor.y + anchor.height + GAP;
  const right = anchor.x + anchor.width + GAP;
  const onRail = anchor.x < view.width / 16;
  if (!onRail && anchor.y < view.height / 8 && anchor.width < view.width / 2)
    return {
      x: within(anchor.x + anchor.width / 2 - card.width / 2, card.width, view.width),
      y: within(below, card.height, view.height),
    };
  const fits = right + card.width + GAP <= view.width;
  return {
    x: within(fits ? right : anchor.x - card.width - GAP, card.width, view.width),
    y: within(anchor.y + anchor.height / 2 - card.height / 2, card.height, view.height),
  };
}
