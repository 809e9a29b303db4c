import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';

/** Rows of noise that slices take theirs from; more than a slice has, and odd, so that no two look alike. */
const NOISE_ROWS = 257;

/** Writes an 8-bit stack of `depth` slices of size², with structure at every scale and nothing alike between slices. */
export async function writeStack(
  path: string,
  size: number,
  depth: number,
  compression: 'none' | 'deflate' = 'none',
): Promise<void> {
  const writer = await createTiffWriter(path, {
    width: size,
    height: size,
    type: 'uint8',
    compression,
  });
  const noise = new Uint8Array(NOISE_ROWS * size);
  let state = 1;
  for (let i = 0; i < noise.length; i += 1) {
    state = (state * 1664525 + 1013904223) >>> 0;
    noise[i] = state >>> 26;
  }
  const slice = new Uint8Array(size * size);
  const across = new Float32Array(size);
  for (let z = 0; z < depth; z += 1) {
    for (let x = 0; x < size; x += 1) across[x] = Math.cos((x + 31 * z) / 29);
    for (let y = 0; y < size; y += 1) {
      const wave = 60 * Math.sin(y / (17 + (z % 40)));
      const row = ((y + 97 * z) % NOISE_ROWS) * size;
      for (let x = 0; x < size; x += 1)
        slice[y * size + x] = 128 + wave * (across[x] ?? 0) + (noise[row + x] ?? 0);
    }
    await writer.append(slice);
  }
  await writer.finish();
}
