import { classOf, isConfirmed, UNTOUCHED } from '#contract/label-byte';
import { TILE_SIZE, type TileAddress } from '#contract/tiles';
import { compileRule, type CompiledRule, type PaintRule } from './paint-mode';
import type { PredictedMask } from './predicted-mask';
import type { SpanSink } from './rasterize';
import type { ShownClasses } from './region';
import type { LabelTransaction } from './transaction';

/** What a stroke or an area does to the pixels that it covers. */
export type PixelEdit =
  /** Writes a label byte where the rule lets it; UNTOUCHED erases. */
  | { readonly kind: 'paint'; readonly label: number; readonly rule: PaintRule }
  /** Erases what is seen, by the rule of `erasedLabel`; `predicted` null = the slice has no prediction. */
  | {
      readonly kind: 'erase-to-interior';
      readonly predicted: PredictedMask | null;
      readonly rule: PaintRule;
    }
  /** Confirms the class shown where nobody has looked yet; labels stay. */
  | { readonly kind: 'confirm'; readonly shown: ShownClasses }
  /** Takes confirmations back, but of locked classes; what was painted stays. */
  | { readonly kind: 'unreview'; readonly locked: ReadonlySet<number> };

/** Where an ink flows: the spans given to it change the labels of the transaction. */
export function editWriter(transaction: LabelTransaction, ink: PixelEdit): SpanSink {
  switch (ink.kind) {
    case 'paint':
      return filling(transaction, ink.label, compileRule(ink.rule));
    case 'erase-to-interior':
      return erasing(transaction, ink.predicted, compileRule(ink.rule));
    case 'confirm':
      return tileByTile(ink.shown, (y, start, end, classes) => {
        if (classes) transaction.confirm(y, start, end, classes);
      });
    case 'unreview':
      return filling(transaction, UNTOUCHED, onlyConfirmed(ink.locked));
  }
}

function filling(transaction: LabelTransaction, label: number, rule: CompiledRule): SpanSink {
  return (y, start, end) => {
    transaction.fill(y, start, end, label, rule);
  };
}

function onlyConfirmed(locked: ReadonlySet<number>): CompiledRule {
  const replaceable = Uint8Array.from({ length: 256 }, (_, label) =>
    isConfirmed(label) && !locked.has(classOf(label)) ? 1 : 0,
  );
  return { replaceable, gate: null };
}

function erasing(
  transaction: LabelTransaction,
  predicted: PredictedMask | null,
  rule: CompiledRule,
): SpanSink {
  return tileByTile(
    (tile) => predicted?.(tile) ?? null,
    (y, start, end, there) => {
      transaction.erase(y, start, end, there, rule);
    },
  );
}

/** Splits spans at the tiles' edges; asks for what lies on each tile once. */
function tileByTile<Bytes>(
  bytesOf: (tile: TileAddress) => Bytes | null,
  write: (y: number, start: number, end: number, bytes: Bytes | null) => void,
): SpanSink {
  const asked = new Map<string, Bytes | null>();
  const askedOnce = (tile: TileAddress): Bytes | null => {
    const key = `${String(tile.tx)}/${String(tile.ty)}`;
    const known = asked.get(key);
    if (known !== undefined) return known;
    const bytes = bytesOf(tile);
    asked.set(key, bytes);
    return bytes;
  };
  return (y, start, end) => {
    const ty = Math.floor(y / TILE_SIZE);
    for (let x = start; x < end;) {
      const tx = Math.floor(x / TILE_SIZE);
      const stop = Math.min(end, (tx + 1) * TILE_SIZE);
      write(y, x, stop, askedOnce({ tx, ty }));
      x = stop;
    }
  };
}
