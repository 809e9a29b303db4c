import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';

/** Small stacks whose membranes a network learns at once: dark lines every 16 pixels on bright noise; of `blank` slices the image shows nothing. */
export async function writeLines(
  path: string,
  what: 'image' | 'labels',
  size: {
    readonly side: number;
    readonly depth: number;
    readonly nm?: number;
    readonly blank?: readonly number[];
  },
): Promise<void> {
  const { side, depth, nm = 4, blank = [] } = size;
  const writer = await createTiffWriter(path, {
    width: side,
    height: side,
    type: 'uint8',
    voxelSize: { x: nm, y: nm, z: 50, source: 'file' },
  });
  for (let z = 0; z < depth; z += 1) {
    const pixels = new Uint8Array(side * side);
    for (let i = 0; i < pixels.length; i += 1) {
      const wall = ((i % side) + z) % 16 < 3 || Math.floor(i / side) % 16 < 3;
      const noise = (Math.imul(i + z * 7919, 2654435761) >>> 24) / 8;
      if (what === 'image' && blank.includes(z)) continue;
      pixels[i] = what === 'image' ? (wall ? 60 : 180) + noise : wall ? 0 : 255;
    }
    await writer.append(pixels);
  }
  await writer.finish();
}
