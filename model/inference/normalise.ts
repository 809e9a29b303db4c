/** Deviations smaller than this share of the value range are an empty slice: it becomes all zeros. */
const flatDeviation = 1e-6;

/**
 * Grey values minus their mean, divided by their standard deviation, over one
 * slice; model cards call it `z-score-per-slice`. A slice of one grey value, and values that are not finite, become 0.
 */
export function normaliseSlice(
  values: Uint8Array | Uint16Array | Int16Array | Float32Array,
): Float32Array<ArrayBuffer> {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    sum += value;
    squares += value * value;
    count++;
  }
  const normalised = new Float32Array(values.length);
  if (count === 0) return normalised;
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  if (deviation <= flatDeviation * Math.max(1, Math.abs(mean))) return normalised;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    normalised[i] = Number.isFinite(value) ? (value - mean) / deviation : 0;
  }
  return normalised;
}
