import type { ModelId, StackId } from '#contract/ids';
import { pixelUrl } from '#contract/pixel-url';
import type { PlaneLayer } from '#contract/plane-url';
import { slicesOf, type PlaneAxis } from '#contract/planes';
import { TILE_PIXELS, TILE_SIZE, type Rect } from '#contract/tiles';
import { askPixels, rawPixels, type RawPixels, type TileSource } from './tile-source';

export interface PlaneSourceOptions {
  readonly stack: StackId;
  readonly axis: PlaneAxis;
  /** Whose prediction of a slice is shown; null = it has none in view. */
  readonly shownModel: (model: ModelId, z: number) => ModelId | null;
  /** A tile of raw values came, and with it what can't be read there, in full-size pixels of the plane. */
  readonly gaps: (index: number, key: string, areas: readonly Rect[]) => void;
}

/**
 * Tiles of planes at right angles to the slices; what a view takes for slices
 * are planes. The mask's thin lines are those of whole slices and are not shown
 * here; nor are the maps of classes beside membrane.
 */
export function planeSource({ stack, axis, shownModel, gaps }: PlaneSourceOptions): TileSource {
  const url = (layer: PlaneLayer, index: number, level: number, tx: number, ty: number): string =>
    pixelUrl({ kind: 'plane', layer, stack, axis, index, level, tx, ty });
  return {
    raw: async (index, level, tx, ty, signal): Promise<RawPixels> => {
      const answer = await askPixels(url({ kind: 'raw' }, index, level, tx, ty), signal);
      const areas = (answer?.gaps ?? []).map((gap) => fullSize(gap, level, tx, ty));
      gaps(index, [level, tx, ty].join('/'), areas);
      return rawPixels(answer);
    },
    probability: async (model, index, level, tx, ty, signal) => {
      const lines = shownLines(axis, level, tx, ty, (z) => shownModel(model, z));
      const models = [...new Set(lines)].filter((each) => each !== null);
      const tiles = new Map<ModelId, Uint8Array>();
      for (const each of models) {
        const layer = { kind: 'probability', model: each } as const;
        const answer = await askPixels(url(layer, index, level, tx, ty), signal);
        if (answer) tiles.set(each, new Uint8Array(answer.bytes));
      }
      return tiles.size === 0 ? null : fromLines(axis, lines, tiles);
    },
    classMap: () => Promise.resolve(null),
    line: () => Promise.resolve(null),
    truth: async (value, index, level, tx, ty, signal) => {
      const answer = await askPixels(url({ kind: 'truth', value }, index, level, tx, ty), signal);
      return answer && new Uint8Array(answer.bytes);
    },
  };
}

function fullSize(gap: Rect, level: number, tx: number, ty: number): Rect {
  const scale = 2 ** level;
  return {
    x: (tx * TILE_SIZE + gap.x) * scale,
    y: (ty * TILE_SIZE + gap.y) * scale,
    width: gap.width * scale,
    height: gap.height * scale,
  };
}

/** Whose prediction is shown in each line of a tile that is a slice; where a line is several, the first says it. */
function shownLines(
  axis: PlaneAxis,
  level: number,
  tx: number,
  ty: number,
  shown: (z: number) => ModelId | null,
): readonly (ModelId | null)[] {
  const edge = { width: TILE_SIZE, height: TILE_SIZE };
  const { first, end } = slicesOf(axis, { x: tx * TILE_SIZE, y: ty * TILE_SIZE, ...edge });
  return Array.from({ length: end - first }, (_, line) => shown((first + line) * 2 ** level));
}

/** Puts a tile together, each line from the tile of the version that is shown there. */
function fromLines(
  axis: PlaneAxis,
  lines: readonly (ModelId | null)[],
  tiles: ReadonlyMap<ModelId, Uint8Array>,
): Uint8Array {
  const [only] = tiles.values();
  if (only && tiles.size === 1 && lines.every((model) => model !== null)) return only;
  const out = new Uint8Array(TILE_PIXELS);
  lines.forEach((model, line) => {
    const tile = model === null ? undefined : tiles.get(model);
    if (!tile) return;
    if (axis === 'xz') {
      const start = line * TILE_SIZE;
      out.set(tile.subarray(start, start + TILE_SIZE), start);
    } else for (let i = line; i < TILE_PIXELS; i += TILE_SIZE) out[i] = tile[i] ?? 0;
  });
  return out;
}
