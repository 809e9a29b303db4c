/** Groups places of a frame that touch by a side or a corner. `stride` is the distance between columns; no place lies on the frame itself. */
export function clustersOf(places: Int32Array, stride: number): readonly Int32Array[] {
  const waiting = new Set(places);
  const around = [-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1];
  const clusters: Int32Array[] = [];
  for (const start of places) {
    if (!waiting.delete(start)) continue;
    const cluster = [start];
    for (const p of cluster)
      for (const offset of around) if (waiting.delete(p + offset)) cluster.push(p + offset);
    clusters.push(Int32Array.from(cluster));
  }
  return clusters;
}
