import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateSync, gzipSync } from 'node:zlib';

/** The value of a pixel; the stories look at whether slices differ. */
export type Value = (x: number, y: number, z: number) => number;

function part(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const bytes = Buffer.alloc(named.length + 8);
  bytes.writeUInt32BE(data.length);
  named.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(named), named.length + 4);
  return bytes;
}

/** An 8-bit grey PNG. */
function png(width: number, height: number, value: (x: number, y: number) => number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = value(x, y) & 255;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const end = part('IEND', new Uint8Array(0));
  return Buffer.concat([signature, part('IHDR', header), part('IDAT', deflateSync(rows)), end]);
}

/** Writes slices 1.png, 2.png, … to a folder, and what a system leaves beside them. */
export async function writeSlices(
  folder: string,
  {
    width,
    height,
    depth,
  }: { readonly width: number; readonly height: number; readonly depth: number },
  value: Value,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let z = 0; z < depth; z += 1)
    await writeFile(
      join(folder, `slice ${String(z + 1)}.png`),
      png(width, height, (x, y) => value(x, y, z)),
    );
  await writeFile(join(folder, '.DS_Store'), 'x');
  return folder;
}

/** Writes an OME-Zarr 0.4 of chunks of 1 × 128 × 128, gzip; returns its folder. */
export async function writeZarr(
  folder: string,
  {
    width,
    height,
    depth,
  }: { readonly width: number; readonly height: number; readonly depth: number },
  value: Value,
): Promise<string> {
  const edge = 128;
  const array = join(folder, '0');
  await mkdir(array, { recursive: true });
  const axes = ['z', 'y', 'x'].map((name) => ({ name, type: 'space', unit: 'nanometer' }));
  const scale = { type: 'scale', scale: [50, 4, 4] };
  const datasets = [{ path: '0', coordinateTransformations: [scale] }];
  await writeFile(join(folder, '.zgroup'), '{"zarr_format":2}');
  await writeFile(
    join(folder, '.zattrs'),
    JSON.stringify({ multiscales: [{ version: '0.4', axes, datasets }] }),
  );
  await writeFile(
    join(array, '.zarray'),
    JSON.stringify({
      zarr_format: 2,
      shape: [depth, height, width],
      chunks: [1, edge, edge],
      dtype: '|u1',
      compressor: { id: 'gzip', level: 1 },
      fill_value: 0,
      filters: null,
      order: 'C',
    }),
  );
  for (let z = 0; z < depth; z += 1)
    for (let row = 0; row * edge < height; row += 1)
      for (let column = 0; column * edge < width; column += 1) {
        const bytes = Uint8Array.from({ length: edge * edge }, (_, at) =>
          value(column * edge + (at % edge), row * edge + Math.floor(at / edge), z),
        );
        await writeFile(join(array, [z, row, column].join('.')), gzipSync(bytes));
      }
  return folder;
}
