import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';

/** Writes an 8-bit stack of `depth` slices of size², with structure at every scale and nothing alike between slices. */
export async function writeStack(path: string, size: number, depth: number): Promise<void> {
  const writer = await createTiffWriter(path, {
    width: size,
    height: size,
    type: 'uint8',
    compression: 'none',
  });
  const slice = new Uint8Array(size * size);
  let noise = 1;
  for (let z = 0; z < depth; z += 1) {
    for (let y = 0; y < size; y += 1) {
      const wave = 60 * Math.sin(y / (17 + z));
      for (let x = 0; x < size; x += 1) {
        noise = (noise * 1664525 + 1013904223) >>> 0;
        slice[y * size + x] = 128 + wave * Math.cos((x + 31 * z) / 29) + (noise >>> 26);
      }
    }
    await writer.append(slice);
  }
  await writer.finish();
}
