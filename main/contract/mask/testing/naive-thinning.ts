/** Pixels of a picture as rows of 0 and 1. */
export type Picture = readonly (readonly number[])[];

const NORTH = -1;
const SOUTH = 1;

/** The rule of `thinning`, pixel by pixel as it is written there; beyond the picture all is 1. */
export function naiveThinning(picture: Picture): number[][] {
  let now = picture.map((row) => [...row]);
  for (let step = 1, quiet = 0; quiet < 2; step += 1) {
    const before = now;
    now = before.map((row, y) => row.map((value, x) => (goes(before, x, y, step) ? 0 : value)));
    quiet = now.flat().join('') === before.flat().join('') ? quiet + 1 : 0;
  }
  return now;
}

function goes(picture: Picture, x: number, y: number, step: number): boolean {
  const at = (dx: number, dy: number): boolean => (picture[y + dy]?.[x + dx] ?? 1) === 1;
  if (!at(0, 0)) return false;
  const [n, ne, e, se] = [at(0, NORTH), at(1, NORTH), at(1, 0), at(1, SOUTH)];
  const [s, sw, w, nw] = [at(0, SOUTH), at(-1, SOUTH), at(-1, 0), at(-1, NORTH)];
  const count = (...of: boolean[]): number => of.filter(Boolean).length;
  const parts = count(!n && (ne || e), !e && (se || s), !s && (sw || w), !w && (nw || n));
  const near = Math.min(
    count(nw || n, ne || e, se || s, sw || w),
    count(n || ne, e || se, s || sw, w || nw),
  );
  const waits = step % 2 === 1 ? (n || ne || !se) && e : (s || sw || !nw) && w;
  return parts === 1 && near >= 2 && near <= 3 && !waits;
}

/** How the picture falls into pieces: every piece of 1 (by edges and corners, the frame around it included) and of 0 (by edges) as the list of its pixels. */
export function piecesOf(picture: Picture, of: 0 | 1): number[][] {
  const height = picture.length + 2;
  const width = (picture[0]?.length ?? 0) + 2;
  const value = (x: number, y: number): number => picture[y - 1]?.[x - 1] ?? 1;
  const seen = new Set<number>();
  const pieces: number[][] = [];
  for (let start = 0; start < width * height; start += 1) {
    if (seen.has(start) || value(start % width, Math.floor(start / width)) !== of) continue;
    const piece = [start];
    seen.add(start);
    for (const here of piece) {
      const [x, y] = [here % width, Math.floor(here / width)];
      for (let dy = -1; dy <= 1; dy += 1) {
        for (let dx = -1; dx <= 1; dx += 1) {
          if (of === 0 && dx !== 0 && dy !== 0) continue;
          const [nx, ny] = [x + dx, y + dy];
          if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
          const next = ny * width + nx;
          if (seen.has(next) || value(nx, ny) !== of) continue;
          seen.add(next);
          piece.push(next);
        }
      }
    }
    pieces.push(piece);
  }
  return pieces;
}

/** `after`, made of `before` by taking pixels away, has the same pieces: each of 1 lies in one of before and each of those holds one; for 0 the other way round. */
export function samePieces(before: Picture, after: Picture): boolean {
  return (
    eachHoldsOne(piecesOf(before, 1), piecesOf(after, 1)) &&
    eachHoldsOne(piecesOf(after, 0), piecesOf(before, 0))
  );
}

function eachHoldsOne(larger: number[][], smaller: number[][]): boolean {
  if (larger.length !== smaller.length) return false;
  const home = new Map(larger.flatMap((piece, i) => piece.map((pixel) => [pixel, i] as const)));
  const homes = smaller.map((piece) => new Set(piece.map((pixel) => home.get(pixel))));
  return (
    homes.every((of) => of.size === 1 && !of.has(undefined)) &&
    new Set(homes.flatMap((of) => [...of])).size === larger.length
  );
}
