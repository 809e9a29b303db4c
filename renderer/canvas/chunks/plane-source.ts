import type { ModelId, StackId } from '#contract/ids';
import { pixelUrl } from '#contract/pixel-url';
import type { PlaneLayer } from '#contract/plane-url';
import { slicesOf, type PlaneAxis } from '#contract/planes';
import type { MapLayer } from '#contract/slice-url';
import { TILE_PIXELS, TILE_SIZE, type Rect } from '#contract/tiles';
import { askIds, askPixels, rawPixels, type RawPixels, type TileSource } from './tile-source';

export interface PlaneSourceOptions {
  readonly stack: StackId;
  readonly axis: PlaneAxis;
  /** Whose prediction of a slice is shown; null = it has none in view. */
  readonly shownModel: (model: ModelId, z: number) => ModelId | null;
  /** The number that a class has on a model's card; null = it does not know it. */
  readonly mapOf: (model: ModelId, name: string) => number | null;
  /** A tile of raw values came, and with it what can't be read there, in full-size pixels of the plane. */
  readonly gaps: (index: number, key: string, areas: readonly Rect[]) => void;
}

/**
 * Tiles of planes at right angles to the slices; what a view takes for slices
 * are planes. The mask's thin lines are those of whole slices and are not shown
 * here, and the pane says so.
 */
export function planeSource({
  stack,
  axis,
  shownModel,
  mapOf,
  gaps,
}: PlaneSourceOptions): TileSource {
  const url = (layer: PlaneLayer, index: number, level: number, tx: number, ty: number): string =>
    pixelUrl({ kind: 'plane', layer, stack, axis, index, level, tx, ty });
  /** A tile of maps that may be other ones in every slice. */
  const together = async (
    maps: readonly (MapLayer | null)[],
    ask: (map: MapLayer) => ReturnType<typeof askPixels>,
  ): Promise<Uint8Array | null> => {
    const named = maps.map((map) => map && `${map.model} ${String(map.class)}`);
    const tiles = new Map<string, Uint8Array>();
    for (const [i, name] of named.entries()) {
      const map = maps[i];
      if (!map || name === null || named.indexOf(name) !== i) continue;
      const answer = await ask(map);
      if (answer) tiles.set(name, new Uint8Array(answer.bytes));
    }
    return tiles.size === 0 ? null : fromLines(axis, named, tiles);
  };
  return {
    raw: async (index, level, tx, ty, signal): Promise<RawPixels> => {
      const answer = await askPixels(url({ kind: 'raw' }, index, level, tx, ty), signal);
      const areas = (answer?.gaps ?? []).map((gap) => fullSize(gap, level, tx, ty));
      gaps(index, [level, tx, ty].join('/'), areas);
      return rawPixels(answer);
    },
    probability: async (model, index, level, tx, ty, signal) => {
      const maps = shownLines(axis, level, tx, ty, (z) => {
        const shown = shownModel(model, z);
        return shown === null ? null : { model: shown, class: null };
      });
      return together(maps, (map) => askPixels(url(mapIn(map), index, level, tx, ty), signal));
    },
    classMap: async (model, name, index, level, tx, ty, signal) => {
      const maps = shownLines(axis, level, tx, ty, (z) => {
        const shown = shownModel(model, z);
        const own = shown === null ? null : mapOf(shown, name);
        return shown === null || own === null ? null : { model: shown, class: own };
      });
      return together(maps, (map) => askPixels(url(mapIn(map), index, level, tx, ty), signal));
    },
    ids: ({ project, layer }, index, level, tx, ty, signal) =>
      askIds(url({ kind: 'ids', project, layer }, index, level, tx, ty), signal),
    line: () => Promise.resolve(null),
    truth: async (value, index, level, tx, ty, signal) => {
      const answer = await askPixels(url({ kind: 'truth', value }, index, level, tx, ty), signal);
      return answer && new Uint8Array(answer.bytes);
    },
  };
}

function mapIn({ model, class: own }: MapLayer): PlaneLayer {
  return own === null ? { kind: 'probability', model } : { kind: 'class', model, class: own };
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

/** Which map is shown in each line of a tile that is a slice; where a line is several, the first says it. */
function shownLines(
  axis: PlaneAxis,
  level: number,
  tx: number,
  ty: number,
  shown: (z: number) => MapLayer | null,
): readonly (MapLayer | null)[] {
  const edge = { width: TILE_SIZE, height: TILE_SIZE };
  const { first, end } = slicesOf(axis, { x: tx * TILE_SIZE, y: ty * TILE_SIZE, ...edge });
  return Array.from({ length: end - first }, (_, line) => shown((first + line) * 2 ** level));
}

/** Puts a tile together, each line from the tile of the map that is shown there. */
function fromLines(
  axis: PlaneAxis,
  lines: readonly (string | null)[],
  tiles: ReadonlyMap<string, Uint8Array>,
): Uint8Array {
  const [only] = tiles.values();
  if (only && tiles.size === 1 && lines.every((name) => name === lines[0])) return only;
  const out = new Uint8Array(TILE_PIXELS);
  lines.forEach((name, line) => {
    const tile = name === null ? undefined : tiles.get(name);
    if (!tile) return;
    if (axis === 'xz') {
      const start = line * TILE_SIZE;
      out.set(tile.subarray(start, start + TILE_SIZE), start);
    } else for (let i = line; i < TILE_PIXELS; i += TILE_SIZE) out[i] = tile[i] ?? 0;
  });
  return out;
}
