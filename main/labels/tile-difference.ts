import type { PatchValues, TilePatch } from '#contract/label-patch';

function valuesOf(tile: Uint8Array, runs: readonly number[], pixels: number): PatchValues {
  const values = new Uint8Array(pixels);
  let at = 0;
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const start = runs[i] ?? 0;
    const part = tile.subarray(start, start + (runs[i + 1] ?? 0));
    values.set(part, at);
    at += part.length;
  }
  const first = values[0] ?? 0;
  return values.every((value) => value === first)
    ? { kind: 'uniform', value: first }
    : { kind: 'pixels', values };
}

/** What turns a tile's label bytes into others, as part of a patch; null when they are the same. */
export function tileDifference(
  { tx, ty }: { readonly tx: number; readonly ty: number },
  before: Uint8Array,
  after: Uint8Array,
): TilePatch | null {
  const runs: number[] = [];
  let pixels = 0;
  for (let i = 0; i < before.length; i += 1) {
    if (before[i] === after[i]) continue;
    const start = i;
    while (i < before.length && before[i] !== after[i]) i += 1;
    runs.push(start, i - start);
    pixels += i - start;
  }
  if (pixels === 0) return null;
  return {
    tx,
    ty,
    runs: Uint32Array.from(runs),
    before: valuesOf(before, runs, pixels),
    after: valuesOf(after, runs, pixels),
  };
}
