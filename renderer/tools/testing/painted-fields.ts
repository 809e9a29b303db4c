import { classOf, INTERIOR, MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import { TILE_PIXELS, TILE_SIZE, type Rect, type TileAddress } from '#contract/tiles';
import type { ByteField } from '#labels/byte-field';
import type { LabelSession } from '#labels/label-session';
import type { PredictedMask } from '#labels/predicted-mask';
import type { FieldAnswer, FieldKind, FieldSource } from '../field-source';

/** Membrane from this byte on. */
const THRESHOLD = 128;

/** What the tools see of a slice in tests: a prediction and a raw image drawn by the test, labels from the session. */
export class PaintedFields implements FieldSource {
  readonly #labels: LabelSession;
  readonly #slice: Rect;
  #prediction: Uint8Array | null = null;
  #raw: Uint8Array;
  #shown: { readonly z: number; readonly field: ByteField } | null = null;
  /** Nothing has been read yet. */
  loading = false;
  /** As a view reads: what is asked for the first time is not here yet. */
  lazy = false;
  readonly #asked = new Set<FieldKind>();

  constructor(labels: LabelSession) {
    this.#labels = labels;
    const { width, height } = labels.tiles;
    this.#slice = { x: 0, y: 0, width, height };
    this.#raw = new Uint8Array(width * height).fill(200);
    labels.onChange(() => {
      this.#shown = null;
    });
  }

  /** The probability of every pixel, 0…255. */
  predict(at: (x: number, y: number) => number): void {
    this.#prediction = this.#drawn(at);
    this.#shown = null;
  }

  /** The grey of every pixel, 0…255. */
  photograph(at: (x: number, y: number) => number): void {
    this.#raw = this.#drawn(at);
  }

  /** What the masks show; null without a prediction. */
  get mask(): PredictedMask | null {
    const prediction = this.#prediction;
    if (!prediction) return null;
    const { width, height } = this.#slice;
    return ({ tx, ty }: TileAddress) => {
      const tile = new Uint8Array(TILE_PIXELS);
      for (let i = 0; i < TILE_PIXELS; i += 1) {
        const x = tx * TILE_SIZE + (i % TILE_SIZE);
        const y = ty * TILE_SIZE + Math.floor(i / TILE_SIZE);
        if (x < width && y < height) tile[i] = prediction[y * width + x] ?? 0;
      }
      return { membrane: tile, from: THRESHOLD, classes: null };
    };
  }

  windowAt(): Rect {
    return this.#slice;
  }

  read(kind: FieldKind, z: number, rect: Rect): FieldAnswer {
    const isNew = !this.#asked.has(kind);
    this.#asked.add(kind);
    if (this.loading || (this.lazy && isNew)) return { kind: 'loading' };
    switch (kind) {
      case 'raw':
        return { kind: 'ready', field: { rect, data: this.#raw } };
      case 'probability':
        return this.#prediction
          ? { kind: 'ready', field: { rect, data: this.#prediction } }
          : { kind: 'absent' };
      case 'shown': {
        if (this.#shown?.z !== z) this.#shown = { z, field: this.#compose(z, rect) };
        return { kind: 'ready', field: this.#shown.field };
      }
    }
  }

  #compose(z: number, rect: Rect): ByteField {
    const labels = this.#labels.readField(z, rect)?.data ?? new Uint8Array();
    const predicted = this.#prediction;
    const data = labels.map((label, i) => {
      if (label !== UNTOUCHED) return classOf(label);
      if (!predicted) return UNTOUCHED;
      return (predicted[i] ?? 0) >= THRESHOLD ? MEMBRANE : INTERIOR;
    });
    return { rect, data };
  }

  #drawn(at: (x: number, y: number) => number): Uint8Array {
    const { width, height } = this.#slice;
    return Uint8Array.from({ length: width * height }, (_, i) =>
      at(i % width, Math.floor(i / width)),
    );
  }
}
