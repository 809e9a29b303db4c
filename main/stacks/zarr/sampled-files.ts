import type { LevelArray } from './native-levels';
import { fileName } from './zarr-array';

/** Chunks of a larger Zarr that tell it from others: a thousand questions to a disk take some 20 ms. */
const MOST_CHUNKS = 1024;

/** Files of the chunks (or shards) of a resolution: all of them, or so many at equal distances. */
export function sampledFiles({ path, array }: LevelArray): {
  readonly names: readonly string[];
  readonly all: boolean;
} {
  const grid = array.shape.map((size, axis) => Math.ceil(size / (array.fileChunk[axis] ?? 1)));
  const total = grid.reduce((product, count) => product * count, 1);
  const count = Math.min(total, MOST_CHUNKS);
  const names = Array.from({ length: count }, (_, number) => {
    let left = count === 1 ? 0 : Math.floor((number * (total - 1)) / (count - 1));
    const place = new Array<number>(grid.length).fill(0);
    for (let axis = grid.length - 1; axis >= 0; axis -= 1) {
      const along = grid[axis] ?? 1;
      place[axis] = left % along;
      left = Math.floor(left / along);
    }
    const file = fileName(array, place);
    return path === '' ? file : `${path}/${file}`;
  });
  return { names, all: total <= MOST_CHUNKS };
}
