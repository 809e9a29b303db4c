import { MembranaError } from '#contract/errors';
import type { ModelId, StackId } from '#contract/ids';
import { pixelUrl } from '#contract/pixel-url';
import { TILE_PIXELS, type Rect } from '#contract/tiles';
import { pixelRefusal } from '../api/pixel-refusal';

/** Values of a raw tile, TILE_SIZE² of them, as the stack holds them (64-bit and half floats arrive as float32). */
export type RawPixels =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

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
  return {
    raw: async (z, level, tx, ty, signal) => {
      return rawPixels(await askPixels(pixelUrl({ kind: 'raw', stack, z, level, tx, ty }), signal));
    },
    probability: async (model, z, level, tx, ty, signal) => {
      const request = { kind: 'probability' as const, stack, model, z, level, tx, ty };
      const answer = await askPixels(pixelUrl(request), signal);
      return answer && new Uint8Array(answer.bytes);
    },
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
  return view(answer?.element ?? 'uint8', answer?.bytes ?? new ArrayBuffer(TILE_PIXELS));
}

function view(element: string, bytes: ArrayBuffer): RawPixels {
  const pixels = typed(element, bytes);
  if (pixels.length !== TILE_PIXELS) throw unreadable(`it has ${String(pixels.length)} values`);
  return pixels;
}

function typed(element: string, bytes: ArrayBuffer): RawPixels {
  switch (element) {
    case 'uint8':
      return new Uint8Array(bytes);
    case 'int8':
      return new Int8Array(bytes);
    case 'uint16':
      return new Uint16Array(bytes);
    case 'int16':
      return new Int16Array(bytes);
    case 'uint32':
      return new Uint32Array(bytes);
    case 'int32':
      return new Int32Array(bytes);
    case 'float32':
      return new Float32Array(bytes);
    case 'float64':
      return new Float64Array(bytes);
    default:
      throw unreadable(`its values are ${element}`);
  }
}

function unreadable(reason: string): MembranaError {
  return new MembranaError('file.unreadable', `A tile of the slice could not be read: ${reason}.`, {
    hint: 'Go to another slice and back; if it stays, open the stack again.',
    data: { reason },
  });
}
