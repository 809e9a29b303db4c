import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabelPatch } from '#contract/label-patch';
import { encodePatch } from '#contract/label-patch-codec';
import { VOID } from '#contract/label-byte';
import { exportedValues } from '../exported-values';
import { exportSlices } from '../label-export';
import { legendOf, planeOf, planesOf } from '../../labels/label-image';
import { newProject, randomPatch, seeded, shape } from '../../project/testing/sample-project';

/*
 * Paints a project and exports it, for other programs to read:
 * `interop-project <folder>` makes Interop.emproj, classes.tif and review.tif,
 * and beside them expected.json and what every pixel must be, as plain bytes.
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
const slices: Uint8Array[] = [];
for (let z = 0; z < shape.depth; z += 1) slices.push(await project.labels.slice(z));
const labels = Buffer.concat(slices);
for (const plane of ['classes', 'review'] as const) {
  await writeFile(join(folder, `${plane}.bin`), planeOf(labels, plane));
  await exportSlices({
    what: plane,
    path: join(folder, `${plane}.tif`),
    shape,
    slices: slices.map((_, z) => z),
    values: exportedValues(plane, project.classes),
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
