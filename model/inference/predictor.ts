import { setImmediate } from 'node:timers/promises';
import type { ActivationRanges, Engine, InferenceSession, InferenceShape } from '../engines/engine';
import { int8Of } from '../engines/int8';
import { throwIfAborted } from '../errors';
import { alignmentOf, haloOf } from '../network/geometry';
import type { Network } from '../network/network';
import { TileBlend } from './blend';
import { dihedrals, turned, turnedBack } from './dihedral';
import { readTile, tilingOf } from './tiling';

/** A slice as a network sees it: normalised, row by row. */
export interface NormalisedSlice {
  readonly image: Float32Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** What a predictor computes with: floats, or bytes whose ranges `int8Precision` took ("fast"). */
export type Precision =
  { readonly kind: 'float' } | { readonly kind: 'int8'; readonly ranges: ActivationRanges };

export interface PredictionOptions {
  /** Longest side of a tile; larger tiles repeat less work, smaller ones cancel sooner. */
  readonly tile?: number;
  /** Mirrored pixels around the slice. */
  readonly border?: number;
  /** Mean over the eight turned and mirrored slices: eight times the time, for a final export. */
  readonly augmented?: boolean;
  readonly signal?: AbortSignal;
  /** Called after every tile with the share done, in (0, 1]. */
  readonly onProgress?: (done: number) => void;
}

/**
 * A tile of 640² takes 1.6 times what one of 512² takes: 0.13 s at base 8 on
 * two cores (TensorFlow), which keeps cancelling below 0.2 s. A slice of 512²
 * with its border is one tile.
 */
const defaults = { tile: 640, border: 16 } as const;

/**
 * Compiled sessions kept: a stack has slices of one size, which turned make
 * two; a training validates on a few more.
 */
const sessionsKept = 4;

/** Where normalisation looks at the whole tile, tiles never agree exactly: they fade into each other. */
const fading = { margin: 16, fade: 32 } as const;

/**
 * What of a tile counts. A pixel farther from the tile's edge than the halo
 * doesn't depend on the tile, so every tile size gives the same map. Measured
 * with base 8 on 1024² of VNC: 64 shared pixels instead of the two halos of
 * 107 flipped 370 pixels of the mask, 128 pixels 59, the halos none.
 */
function edgesOf(network: Network): { readonly margin: number; readonly fade: number } {
  const wholeTile = network.layers.some(({ kind }) => kind === 'group-norm');
  return wholeTile ? fading : { margin: haloOf(network), fade: 0 };
}

/**
 * Runs one network with one set of weights over slices of any size; keeps the
 * compiled sessions of the tile sizes used last. One prediction at a time.
 */
export class SlicePredictor {
  readonly #engine: Engine;
  readonly #network: Network;
  readonly #weights: Float32Array<ArrayBuffer>;
  readonly #precision: Precision;
  readonly #sessions = new Map<string, InferenceSession>();

  constructor(
    engine: Engine,
    network: Network,
    weights: Float32Array<ArrayBuffer>,
    precision: Precision = { kind: 'float' },
  ) {
    this.#engine = engine;
    this.#network = network;
    this.#weights = weights;
    this.#precision = precision;
  }

  /** Probabilities in [0, 1] of the first class, membrane, row by row; otherwise as `predictAll`. */
  async predict(
    slice: NormalisedSlice,
    options: PredictionOptions = {},
  ): Promise<Float32Array<ArrayBuffer>> {
    const maps = await this.predictAll(slice, options);
    const { classes } = this.#network;
    return classes === 1 ? maps : maps.slice(0, slice.width * slice.height);
  }

  /**
   * Probabilities in [0, 1], class by class, each row by row. Gives way to
   * other work between tiles; throws an AbortError there when cancelled.
   */
  async predictAll(
    slice: NormalisedSlice,
    options: PredictionOptions = {},
  ): Promise<Float32Array<ArrayBuffer>> {
    if (options.augmented !== true) return await this.#predictOnce(slice, options);
    const { classes } = this.#network;
    const plane = slice.width * slice.height;
    const sum = new Float32Array(plane * classes);
    for (const turn of dihedrals) {
      const {
        values: image,
        width,
        height,
      } = turned({ values: slice.image, width: slice.width, height: slice.height }, turn);
      const onProgress = (done: number): void =>
        options.onProgress?.((turn + done) / dihedrals.length);
      const maps = await this.#predictOnce({ image, width, height }, { ...options, onProgress });
      for (let c = 0; c < classes; c++) {
        const back = turnedBack(
          { values: maps.slice(c * plane, (c + 1) * plane), width, height },
          turn,
        );
        back.values.forEach((value, i) => {
          sum[c * plane + i] = (sum[c * plane + i] ?? 0) + value / dihedrals.length;
        });
      }
    }
    return sum;
  }

  dispose(): void {
    for (const session of this.#sessions.values()) session.dispose();
    this.#sessions.clear();
  }

  async #predictOnce(
    slice: NormalisedSlice,
    options: PredictionOptions,
  ): Promise<Float32Array<ArrayBuffer>> {
    const { image, width, height } = slice;
    const tiling = tilingOf(width, height, {
      tile: options.tile ?? defaults.tile,
      border: options.border ?? defaults.border,
      alignment: alignmentOf(this.#network),
      ...edgesOf(this.#network),
    });
    const session = await this.#session(tiling.tileWidth, tiling.tileHeight);
    const blend = new TileBlend(width, height, this.#network.classes, tiling);
    const total = tiling.rows.length * tiling.columns.length;
    let done = 0;
    for (const y of tiling.rows) {
      for (const x of tiling.columns) {
        await setImmediate();
        throwIfAborted(options.signal);
        const place = { x, y, width: tiling.tileWidth, height: tiling.tileHeight };
        blend.add(await session.run(readTile(image, width, height, place)), x, y);
        done++;
        options.onProgress?.(done / total);
      }
    }
    return blend.result();
  }

  async #session(width: number, height: number): Promise<InferenceSession> {
    const key = `${width}x${height}`;
    const known = this.#sessions.get(key);
    if (known !== undefined) {
      this.#sessions.delete(key);
      this.#sessions.set(key, known);
      return known;
    }
    for (const [old, session] of [...this.#sessions].slice(0, 1 - sessionsKept)) {
      session.dispose();
      this.#sessions.delete(old);
    }
    const made = await this.#compile({ width, height, batch: 1 });
    this.#sessions.set(key, made);
    return made;
  }

  async #compile(shape: InferenceShape): Promise<InferenceSession> {
    switch (this.#precision.kind) {
      case 'float':
        return await this.#engine.compileInference(this.#network, this.#weights, shape);
      case 'int8': {
        const { ranges } = this.#precision;
        return await int8Of(this.#engine).compile(this.#network, this.#weights, shape, ranges);
      }
    }
  }
}
