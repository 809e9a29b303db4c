/** By the probability tile: what was made of it last. */
const kept = new WeakMap<Uint8Array, { readonly line: Uint8Array; readonly raised: Uint8Array }>();

/** A tile of probability bytes that is 255 on the line of the mask: at least the pixel threshold where the mask has a pixel, and nowhere else. */
export function raisedTile(probability: Uint8Array, line: Uint8Array | null): Uint8Array {
  if (!line) return probability;
  const known = kept.get(probability);
  if (known?.line === line) return known.raised;
  const raised = probability.slice();
  for (let i = 0; i < raised.length; i += 1) if (line[i] !== 0) raised[i] = 255;
  kept.set(probability, { line, raised });
  return raised;
}
