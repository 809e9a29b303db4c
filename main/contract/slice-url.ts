import { ModelId, StackId } from './ids';
import { VOID } from './label-byte';
import { PIXEL_SCHEME } from './pixel-url';
import type { TileBlock } from './tiles';

/** The map of a model for membrane, or for a class of its card (1…126). */
export interface MapLayer {
  readonly model: ModelId;
  readonly class: number | null;
}

/**
 * A part of a slice, several layers in one answer: raw values, where they are
 * wanted, then each map (`SliceLayer`; null for a map that there is none of). Asked
 * for through a port (`pixel-port.ts`), not by the scheme.
 */
export interface SliceRequest {
  readonly stack: StackId;
  readonly z: number;
  readonly level: number;
  readonly block: TileBlock;
  readonly raw: boolean;
  readonly maps: readonly MapLayer[];
}

/** Tiles and maps that one answer may hold. */
export const sliceLimits = { tiles: 64, maps: 16 } as const;

const HEAD = `${PIXEL_SCHEME}://slice/`;

/** Numbers of a request between its stack and its maps. */
const NUMBERS = 7;

export function sliceUrl({ stack, z, level, block, raw, maps }: SliceRequest): string {
  const { tx, ty, across, down } = block;
  const layers = maps.map((map) =>
    map.class === null ? map.model : `${map.model},${String(map.class)}`,
  );
  const numbers = [z, level, tx, ty, across, down, raw ? 1 : 0];
  return HEAD + [stack, ...numbers, ...layers].join('/');
}

/** Parses the URL of a part of a slice; null for anything but the exact form above. */
export function parseSliceUrl(url: string): SliceRequest | null {
  if (!url.startsWith(HEAD)) return null;
  const [first = '', ...rest] = url.slice(HEAD.length).split('/');
  const stack = StackId.safeParse(first);
  const n = rest.slice(0, NUMBERS).map(count);
  if (!stack.success || n.length < NUMBERS || n.some(Number.isNaN)) return null;
  const [z = 0, level = 0, tx = 0, ty = 0, across = 0, down = 0, raw = 0] = n;
  const tiles = across * down;
  if (tiles < 1 || tiles > sliceLimits.tiles || raw > 1) return null;
  const maps = rest.slice(NUMBERS).map(mapLayer);
  if (maps.length > sliceLimits.maps || (raw === 0 && maps.length === 0)) return null;
  if (!maps.every((map) => map !== null)) return null;
  const block = { tx, ty, across, down };
  return { stack: stack.data, z, level, block, raw: raw === 1, maps };
}

function mapLayer(text: string): MapLayer | null {
  const [name, id, ...more] = text.split(',');
  const model = ModelId.safeParse(name);
  if (!model.success || more.length > 0) return null;
  if (id === undefined) return { model: model.data, class: null };
  const own = count(id);
  return own >= 1 && own < VOID ? { model: model.data, class: own } : null;
}

function count(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : NaN;
}
