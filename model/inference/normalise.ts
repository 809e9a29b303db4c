/** A deviation smaller than this share of the mean is rounding: the slice is of one grey value. */
const flatDeviation = 1e-6;

/**
 * Grey values minus their mean, divided by their standard deviation, over one
 * slice; model cards call it `z-score-per-slice`. Mean and deviation are those
 * of the pixels that are `known` (1; null = all) and finite. A slice of one
 * grey value, and values that are not finite, become 0.
 */
export function normaliseSlice(
  values: Uint8Array | Uint16Array | Int16Array | Float32Array,
  known: Uint8Array | null = null,
): Float32Array<ArrayBuffer> {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (!Number.isFinite(value) || (known !== null && known[i] !== 1)) continue;
    sum += value;
    count++;
  }
  const normalised = new Float32Array(values.length);
  if (count === 0) return normalised;
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (!Number.isFinite(value) || (known !== null && known[i] !== 1)) continue;
    squares += (value - mean) ** 2;
  }
  const deviation = Math.sqrt(squares / count);
  if (deviation <= flatDeviation * Math.abs(mean)) return normalised;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    normalised[i] = Number.isFinite(value) ? (value - mean) / deviation : 0;
  }
  return normalised;
}
