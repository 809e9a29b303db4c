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

/** CSS pixels between the card and the edges of the room. */
const GAP = 14;

/**
 * Where a card of `card` size goes within `room`, the part of the window
 * without controls: as near to `anchor`, which it speaks of, as it can be. A card
 * larger than the room begins where the room begins.
 */
export function placeCard(
  anchor: Box,
  card: { readonly width: number; readonly height: number },
  room: Box,
): Place {
  const within = (at: number, size: number, start: number, length: number): number =>
    Math.max(start + GAP, Math.min(at, start + length - size - GAP));
  const middle = (start: number, length: number, size: number): number =>
    start + length / 2 - size / 2;
  return {
    x: within(middle(anchor.x, anchor.width, card.width), card.width, room.x, room.width),
    y: within(middle(anchor.y, anchor.height, card.height), card.height, room.y, room.height),
  };
}
