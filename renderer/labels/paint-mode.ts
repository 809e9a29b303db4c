import { classOf, UNTOUCHED } from '#contract/label-byte';
import type { ByteField } from './byte-field';

/** Which labels a new one may replace; the labels count, not the prediction shown beneath them. */
export type Overwrite =
  | { readonly kind: 'all' }
  | { readonly kind: 'untouched' }
  /** Only pixels that carry this class, painted or confirmed. */
  | { readonly kind: 'only-class'; readonly class: number };

/** Keeps to pixels whose byte in `field` lies in min…max; outside the field nothing is changed. */
export interface PaintGate {
  readonly field: ByteField;
  readonly min: number;
  readonly max: number;
}

/** Where an edit may change pixels; every stroke and every area passes through one. */
export interface PaintRule {
  readonly overwrite: Overwrite;
  /** Class ids: a pixel that carries one of them stays as it is. */
  readonly locked: ReadonlySet<number>;
  readonly gate: PaintGate | null;
}

/** Paints over everything. */
export const everywhere: PaintRule = {
  overwrite: { kind: 'all' },
  locked: new Set(),
  gate: null,
};

/** A paint rule made ready for pixels. */
export interface CompiledRule {
  /** By label byte, 1 = may be replaced; null = every label may. */
  readonly replaceable: Uint8Array | null;
  readonly gate: PaintGate | null;
}

/** Once a stroke or an area; a rule that forbids nothing costs nothing afterwards. */
export function compileRule({ overwrite, locked, gate }: PaintRule): CompiledRule {
  if (overwrite.kind === 'all' && locked.size === 0) return { replaceable: null, gate };
  const replaceable = new Uint8Array(256);
  for (let label = 0; label < 256; label += 1) {
    const id = classOf(label);
    replaceable[label] = mayReplace(overwrite, id) && !locked.has(id) ? 1 : 0;
  }
  return { replaceable, gate };
}

/** Whether a rule lets pixel (x, y), which carries `label` now, be changed. */
export function allows(
  { replaceable, gate }: CompiledRule,
  label: number,
  x: number,
  y: number,
): boolean {
  if (replaceable !== null && replaceable[label] === 0) return false;
  if (gate === null) return true;
  const { rect, data } = gate.field;
  const column = x - rect.x;
  const row = y - rect.y;
  if (column < 0 || row < 0 || column >= rect.width || row >= rect.height) return false;
  const byte = data[row * rect.width + column] ?? 0;
  return byte >= gate.min && byte <= gate.max;
}

function mayReplace(overwrite: Overwrite, id: number): boolean {
  switch (overwrite.kind) {
    case 'all':
      return true;
    case 'untouched':
      return id === UNTOUCHED;
    case 'only-class':
      return id === overwrite.class;
  }
}
