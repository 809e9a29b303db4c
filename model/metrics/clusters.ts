/** From a place of a frame whose columns lie `stride` apart to the eight around it. */
export function offsetsAround(stride: number): Int32Array {
  return Int32Array.of(-stride - 1, -stride, 1 - stride, 1, stride + 1, stride, stride - 1, -1);
}

/**
 * Groups places of a frame that touch by a side or a corner and are of one
 * kind; `kinds` has a number > 0 for each place, without it all are of one. No
 * place lies on the frame itself.
 */
export function clustersOf(
  places: Int32Array,
  stride: number,
  kinds?: readonly number[],
): readonly Int32Array[] {
  const last = places.reduce((most, p) => Math.max(most, p), 0);
  const waiting = new Int32Array(last + stride + 2);
  for (let i = 0; i < places.length; i++) waiting[places[i] ?? 0] = kinds?.[i] ?? 1;
  const offsets = offsetsAround(stride);
  const clusters: Int32Array[] = [];
  for (const start of places) {
    const kind = waiting[start];
    if (kind === 0) continue;
    waiting[start] = 0;
    const cluster = [start];
    for (const p of cluster) {
      for (const offset of offsets) {
        const q = p + offset;
        if (waiting[q] !== kind) continue;
        waiting[q] = 0;
        cluster.push(q);
      }
    }
    clusters.push(Int32Array.from(cluster));
  }
  return clusters;
}
