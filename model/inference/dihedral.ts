/** The eight ways to turn and mirror a picture: bit 0 mirrors columns, bit 1 mirrors rows, bit 2 swaps them afterwards. */
export type Dihedral = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

export const dihedrals: readonly Dihedral[] = [0, 1, 2, 3, 4, 5, 6, 7];

interface Picture {
  readonly values: Float32Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** Where in the original the first pixel of the turned picture lies, and how far apart its neighbours to the right and below are there. */
function walk(
  turn: Dihedral,
  width: number,
  height: number,
): { readonly start: number; readonly right: number; readonly down: number } {
  const column = (turn & 1) !== 0 ? -1 : 1;
  const row = (turn & 2) !== 0 ? -width : width;
  const start = ((turn & 2) !== 0 ? (height - 1) * width : 0) + ((turn & 1) !== 0 ? width - 1 : 0);
  return (turn & 4) !== 0
    ? { start, right: row, down: column }
    : { start, right: column, down: row };
}

export function turned(picture: Picture, turn: Dihedral): Picture {
  const { values, width, height } = picture;
  const swaps = (turn & 4) !== 0;
  const result = {
    values: new Float32Array(values.length),
    width: swaps ? height : width,
    height: swaps ? width : height,
  };
  const { start, right, down } = walk(turn, width, height);
  for (let y = 0; y < result.height; y++) {
    for (let x = 0; x < result.width; x++)
      result.values[y * result.width + x] = values[start + y * down + x * right] ?? 0;
  }
  return result;
}

/** Undoes `turned`: gives the picture of the original size. */
export function turnedBack(picture: Picture, turn: Dihedral): Picture {
  const swaps = (turn & 4) !== 0;
  const width = swaps ? picture.height : picture.width;
  const height = swaps ? picture.width : picture.height;
  const values = new Float32Array(picture.values.length);
  const { start, right, down } = walk(turn, width, height);
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++)
      values[start + y * down + x * right] = picture.values[y * picture.width + x] ?? 0;
  }
  return { values, width, height };
}
