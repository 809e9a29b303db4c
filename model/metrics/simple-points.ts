/** Eight neighbours round a pixel, from the upper left: NW, N, NE, E, SE, S, SW, W; true is interior. */
type Ring = readonly boolean[];

/** Sides are the odd places of the ring. */
const isSide = (k: number): boolean => k % 2 === 1;

/** 4-connected pieces of interior that touch the pixel by a side. A full ring has none, and isn't simple either. */
function interiorPieces(ring: Ring): number {
  let pieces = 0;
  ring.forEach((inside, k) => {
    // Each piece is counted at the last of its places.
    if (!inside || ring[(k + 1) % 8] === true) return;
    let touches = false;
    for (let back = k; ring[back] === true; back = (back + 7) % 8) touches ||= isSide(back);
    if (touches) pieces++;
  });
  return pieces;
}

/** 8-connected pieces of membrane; two sides touch across the corner between them. */
function membranePieces(ring: Ring): number {
  const joined = ring.map(
    (inside, k) =>
      !inside || (!isSide(k) && ring[(k + 1) % 8] === false && ring[(k + 7) % 8] === false),
  );
  if (joined.every(Boolean)) return 1;
  return joined.filter((here, k) => here && joined[(k + 1) % 8] !== true).length;
}

/**
 * Which of the 256 neighbourhoods let a pixel change sides without a change of
 * topology (simple points; Kong & Rosenfeld 1989), with 4-connected interior
 * and 8-connected membrane: one piece of interior touches it by a side, and one
 * piece of membrane touches it at all. Bit k of the index says that place k of
 * the ring is interior.
 */
export const simplePoints: Uint8Array = Uint8Array.from({ length: 256 }, (_, neighbours) => {
  const ring = Array.from({ length: 8 }, (__, k) => ((neighbours >> k) & 1) === 1);
  return interiorPieces(ring) === 1 && membranePieces(ring) === 1 ? 1 : 0;
});
