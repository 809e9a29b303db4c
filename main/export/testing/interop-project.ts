import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabelPatch } from '#contract/label-patch';
import { encodePatch } from '#contract/label-patch-codec';
import { VOID } from '#contract/label-byte';
import { exportFormats, type ExportFormat } from '#contract/entities';
import { bytesOf } from '#volume/pixel-array';
import type { StackPicture } from '../formats/image-writer';
import { exportSlices } from '../label-export';
import { legendOf, planeOf, planesOf } from '../../labels/label-image';
import { newProject, randomPatch, seeded, shape } from '../../project/testing/sample-project';

/*
 * Paints a project and exports it, for other programs to read:
 * `interop-project <folder>` makes Interop.emproj, classes and review in every
 * format, and beside them expected.json and what every pixel must be, as plain
 * bytes.
 */
const [, , folder = '.'] = process.argv;
await mkdir(folder, { recursive: true });
const project = await newProject(join(folder, 'Interop.emproj'));

/** Everything that a label can be: the classes, void, confirmed. */
function withAllLabels(patch: LabelPatch, value: number): LabelPatch {
  return {
    ...patch,
    tiles: patch.tiles.map((tile) => ({ ...tile, after: { kind: 'uniform', value } })),
  };
}

const values = [1, 2, VOID, 1 | 0x80, 2 | 0x80];
for (let sequence = 1; sequence <= 15; sequence += 1) {
  const patch = randomPatch(seeded(sequence), sequence);
  const value = values[sequence % values.length] ?? 1;
  await project.labels.append(encodePatch(withAllLabels(patch, value)));
}
/** A stack of 16 bits under the labels, for the formats that take it along. */
const grey = (z: number): Uint16Array<ArrayBuffer> =>
  Uint16Array.from({ length: shape.width * shape.height }, (_, i) => (i * (z + 3)) % 65_521);
const picture: StackPicture = {
  info: { ...project.stack.info, type: 'uint16' },
  readRegion: (z) =>
    Promise.resolve({ ...shape, type: 'uint16', samples: 1, data: grey(z), bad: [] }),
};
await writeFile(
  join(folder, 'stack.bin'),
  Buffer.concat(Array.from({ length: shape.depth }, (_, z) => bytesOf(grey(z)))),
);

const endings: Readonly<Record<ExportFormat, string>> = {
  tiff: '.tif',
  'ome-zarr-0.4': '-0.4.ome.zarr',
  'ome-zarr-0.5': '-0.5.ome.zarr',
  png: '-png',
  nrrd: '.nrrd',
};
const slices: Uint8Array[] = [];
for (let z = 0; z < shape.depth; z += 1) slices.push(await project.labels.slice(z));
const labels = Buffer.concat(slices);
for (const plane of ['classes', 'review'] as const) {
  await writeFile(join(folder, `${plane}.bin`), planeOf(labels, plane));
  for (const format of exportFormats)
    await exportSlices({
      ...{ what: plane, format, picture, shape },
      path: join(folder, `${plane}${endings[format]}`),
      slices: slices.map((_, z) => z),
      classes: project.classes,
      voxelSize: project.stack.info.voxelSize,
      labels: project.labels,
      predictions: project.predictions,
      model: null,
      lines: project.lines,
      mask: { pixel: 0.5, cells: 0.5 },
    });
}
const { x, y, z } = project.stack.info.voxelSize;
const image = (suffix: string): string =>
  join('Interop.emproj', 'labels', project.stack.id, `${project.layer}${suffix}.ome.zarr`);
await writeFile(
  join(folder, 'expected.json'),
  JSON.stringify({
    shape: [shape.depth, shape.height, shape.width],
    voxel: [z, y, x],
    images: { classes: image(''), review: image('-review') },
    legends: Object.fromEntries(
      planesOf('uint8').map((plane) => [plane, legendOf(plane, project.classes)] as const),
    ),
  }),
);
await project.close();
