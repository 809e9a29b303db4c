/** One sample's maps of a layer: data[channel][row][column] in one array, double precision. */
export interface Maps {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float64Array;
}

/** Maps of the given size whose values are computed one by one. */
export function mapsOf(
  channels: number,
  height: number,
  width: number,
  value: (c: number, y: number, x: number) => number,
): Maps {
  const data = new Float64Array(channels * height * width);
  let at = 0;
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[at++] = value(c, y, x);
  }
  return { channels, height, width, data };
}

/** The value at a place; 0 outside. */
export function at(
  { channels, height, width, data }: Maps,
  c: number,
  y: number,
  x: number,
): number {
  if (c < 0 || c >= channels || y < 0 || y >= height || x < 0 || x >= width) return 0;
  return data[(c * height + y) * width + x] ?? 0;
}

/** Maps of the same size, every value by itself. */
export function mapped(maps: Maps, value: (old: number, index: number) => number): Maps {
  return { ...maps, data: maps.data.map(value) };
}

/** Value by value. */
export function sum(a: Maps, b: Maps): Maps {
  return mapped(a, (value, i) => value + (b.data[i] ?? 0));
}

/** All values of one channel, row by row. */
export function channelOf({ height, width, data }: Maps, c: number): Float64Array {
  return data.subarray(c * height * width, (c + 1) * height * width);
}
