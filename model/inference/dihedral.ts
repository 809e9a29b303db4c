/** The eight ways to turn and mirror a picture: bit 0 mirrors columns, bit 1 mirrors rows, bit 2 swaps them afterwards. */
export type Dihedral = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

export const dihedrals: readonly Dihedral[] = [0, 1, 2, 3, 4, 5, 6, 7];

interface Picture {
  readonly values: Float32Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** Index in the original of pixel (x, y) of the turned picture. */
function sourceIndex(turn: Dihedral, x: number, y: number, width: number, height: number): number {
  const column = (turn & 4) !== 0 ? y : x;
  const row = (turn & 4) !== 0 ? x : y;
  return (
    ((turn & 2) !== 0 ? height - 1 - row : row) * width +
    ((turn & 1) !== 0 ? width - 1 - column : column)
  );
}

export function turned(picture: Picture, turn: Dihedral): Picture {
  const { values, width, height } = picture;
  const swaps = (turn & 4) !== 0;
  const result = {
    values: new Float32Array(values.length),
    width: swaps ? height : width,
    height: swaps ? width : height,
  };
  for (let y = 0; y < result.height; y++) {
    for (let x = 0; x < result.width; x++) {
      result.values[y * result.width + x] = values[sourceIndex(turn, x, y, width, height)] ?? 0;
    }
  }
  return result;
}

/** Undoes `turned`: gives the picture of the original size. */
export function turnedBack(picture: Picture, turn: Dihedral): Picture {
  const swaps = (turn & 4) !== 0;
  const width = swaps ? picture.height : picture.width;
  const height = swaps ? picture.width : picture.height;
  const values = new Float32Array(picture.values.length);
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      values[sourceIndex(turn, x, y, width, height)] = picture.values[y * picture.width + x] ?? 0;
    }
  }
  return { values, width, height };
}
