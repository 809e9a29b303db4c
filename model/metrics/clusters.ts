/** The eight places around one, in a frame whose columns lie `stride` apart. */
export function neighboursOf(p: number, stride: number): readonly number[] {
  return [-stride, 0, stride].flatMap((column) =>
    [-1, 0, 1].filter((row) => column !== 0 || row !== 0).map((row) => p + column + row),
  );
}

/** Groups places of a frame that touch by a side or a corner; no place lies on the frame itself. */
export function clustersOf(places: Int32Array, stride: number): readonly Int32Array[] {
  const waiting = new Set(places);
  const clusters: Int32Array[] = [];
  for (const start of places) {
    if (!waiting.delete(start)) continue;
    const cluster = [start];
    for (const p of cluster)
      for (const q of neighboursOf(p, stride)) if (waiting.delete(q)) cluster.push(q);
    clusters.push(Int32Array.from(cluster));
  }
  return clusters;
}
