import type { ModelId, StackId } from '#contract/ids';
import { pixelUrl, type LayerAddress } from '#contract/pixel-url';
import { TILE_PIXELS, type Rect } from '#contract/tiles';
import { pixelRefusal } from '../../api/pixel-refusal';
import { pixelsOf, type RawPixels } from '../draw/pixel-views';
import { SliceRequests } from './slice-requests';

export type { RawPixels };

/** Where a slice view gets its tiles; each call rejects when its signal aborts. */
export interface TileSource {
  raw(z: number, level: number, tx: number, ty: number, signal: AbortSignal): Promise<RawPixels>;
  /** Membrane probability, a byte a pixel; null = not predicted. */
  probability(
    model: ModelId,
    z: number,
    level: number,
    tx: number,
    ty: number,
    signal: AbortSignal,
  ): Promise<Uint8Array | null>;
  /** Probability of the class of this name beside membrane, a byte a pixel; null = not predicted, or the model does not know it. */
  classMap(
    model: ModelId,
    name: string,
    z: number,
    level: number,
    tx: number,
    ty: number,
    signal: AbortSignal,
  ): Promise<Uint8Array | null>;
  /** 255 on the line of what is at least the probability byte `from`; null = none here. */
  line(
    model: ModelId,
    z: number,
    from: number,
    level: number,
    tx: number,
    ty: number,
    signal: AbortSignal,
  ): Promise<Uint8Array | null>;
  /** TILE_SIZE² ids of a layer; null = no cell is there. */
  ids(
    layer: LayerAddress,
    z: number,
    level: number,
    tx: number,
    ty: number,
    signal: AbortSignal,
  ): Promise<Uint32Array | null>;
  /** Share of each pixel that has `value` in the truth, as a byte; null = no truth is open. */
  truth(
    value: number,
    z: number,
    level: number,
    tx: number,
    ty: number,
    signal: AbortSignal,
  ): Promise<Uint8Array | null>;
}

/** Tiles of a stack through the app's own `em-pixels:` protocol. `mapOf`: the number that a class has on a model's card; null = it does not know it, as for every class without it. */
export function pixelSource(
  stack: StackId,
  mapOf: (model: ModelId, name: string) => number | null = () => null,
): TileSource {
  const requests = new SliceRequests(stack);
  return {
    raw: (z, level, tx, ty, signal) =>
      requests.raw({ z, level, tx, ty }, signal, async () => {
        const answer = await askPixels(pixelUrl({ kind: 'raw', stack, z, level, tx, ty }), signal);
        return rawPixels(answer);
      }),
    probability: (model, z, level, tx, ty, signal) =>
      requests.map({ z, level, tx, ty }, { model, class: null }, signal, async () => {
        const request = { kind: 'probability' as const, stack, model, z, level, tx, ty };
        const answer = await askPixels(pixelUrl(request), signal);
        return answer && new Uint8Array(answer.bytes);
      }),
    classMap: async (model, name, z, level, tx, ty, signal) => {
      const own = mapOf(model, name);
      if (own === null) return null;
      const request = { kind: 'class' as const, stack, model, class: own, z, level, tx, ty };
      const answer = await askPixels(pixelUrl(request), signal);
      return answer && new Uint8Array(answer.bytes);
    },
    line: async (model, z, from, level, tx, ty, signal) => {
      const request = { kind: 'line' as const, stack, model, z, from, level, tx, ty };
      const answer = await askPixels(pixelUrl(request), signal);
      return answer && new Uint8Array(answer.bytes);
    },
    ids: ({ project, stack: of, layer }, z, level, tx, ty, signal) =>
      askIds(pixelUrl({ kind: 'ids', project, stack: of, layer, z, level, tx, ty }), signal),
    truth: async (value, z, level, tx, ty, signal) => {
      const request = { kind: 'truth' as const, stack, value, z, level, tx, ty };
      const answer = await askPixels(pixelUrl(request), signal);
      return answer && new Uint8Array(answer.bytes);
    },
  };
}

interface Answer {
  readonly element: string;
  readonly bytes: ArrayBuffer;
  /** Of a plane: what can't be read of it, in pixels of the tile. */
  readonly gaps: readonly Rect[];
}

/** Bytes of a pixel URL; null = there is nothing. @throws MembranaError why it could not be read; AbortError */
export async function askPixels(url: string, signal: AbortSignal): Promise<Answer | null> {
  const response = await fetch(url, { signal });
  if (response.status === 204) return null;
  if (!response.ok) throw await pixelRefusal(response);
  const element = response.headers.get('x-element') ?? 'uint8';
  const gaps = gapsIn(response.headers.get('x-gaps') ?? '');
  return { element, bytes: await response.arrayBuffer(), gaps };
}

/** Ids of a pixel URL, whatever element they are stored in; null = there are none. @throws as `askPixels` */
export async function askIds(url: string, signal: AbortSignal): Promise<Uint32Array | null> {
  const answer = await askPixels(url, signal);
  if (answer === null) return null;
  const ids = rawPixels(answer);
  return ids instanceof Uint32Array ? ids : Uint32Array.from(ids);
}

/** As main writes them: `x,y,width,height`, with `;` between. */
function gapsIn(text: string): Rect[] {
  return text.split(';').flatMap((one) => {
    const [x, y, width, height, ...more] = one.split(',').map(Number);
    const whole = [x, y, width, height].every((value) => Number.isSafeInteger(value));
    if (!whole || more.length > 0) return [];
    return [{ x: x ?? 0, y: y ?? 0, width: width ?? 0, height: height ?? 0 }];
  });
}

/** The values of a raw tile. @throws MembranaError file.unreadable */
export function rawPixels(answer: Answer | null): RawPixels {
  const bytes = answer?.bytes ?? new ArrayBuffer(TILE_PIXELS);
  return pixelsOf(answer?.element ?? 'uint8', bytes, 0, TILE_PIXELS);
}
