/**
 * Cuts the bundled pixels out of the VNC stacks: `node scripts/sample-data.mjs [FOLDER]`.
 * FOLDER (or MEMBRANA_DATA, or ../shared/data) holds vnc/stack1-raw.tif,
 * stack1-membranes.tif and stack2-raw.tif. Only VNC may be bundled. The
 * licence texts beside the results are kept in the repository.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crop, greyStack, readGreyStack } from './sample/tiff.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const data = resolve(
  process.argv[2] ?? process.env.MEMBRANA_DATA ?? join(root, '..', 'shared', 'data'),
);
const voxel = { x: 4.6, y: 4.6, z: 47.5 };
const sampleSlices = { first: 0, count: 8 };

/** Replay: pages 0–5 train, 6–9 validate. Slices 12–15 of the stack stay out, so that they can test. */
const replayCrops = [
  { z: 0, x: 0, y: 0 },
  { z: 2, x: 512, y: 0 },
  { z: 4, x: 0, y: 512 },
  { z: 6, x: 512, y: 512 },
  { z: 8, x: 256, y: 256 },
  { z: 10, x: 0, y: 256 },
  { z: 5, x: 512, y: 512 },
  { z: 11, x: 512, y: 0 },
  { z: 3, x: 0, y: 0 },
  { z: 9, x: 256, y: 512 },
].map((place) => ({ ...place, size: 512 }));

const read = (name) => readGreyStack(readFileSync(join(data, 'vnc', name)));

function write(path, bytes) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  console.log(`${path.slice(root.length + 1)}: ${(bytes.length / 1e6).toFixed(2)} MB`);
}

const stack2 = read('stack2-raw.tif');
const sample = stack2.pages.slice(sampleSlices.first, sampleSlices.first + sampleSlices.count);
write(
  join(root, 'resources/sample/vnc-sample.tif'),
  greyStack({ ...stack2, pages: sample, voxel, differencing: true }),
);

/** @type {[source: string, name: string, differencing: boolean][]} */
const replayFiles = [
  ['stack1-raw.tif', 'vnc-crops.tif', true],
  ['stack1-membranes.tif', 'vnc-membranes.tif', false],
];
for (const [source, name, differencing] of replayFiles) {
  const stack = read(source);
  const pages = replayCrops.map((place) => crop(stack.pages[place.z], stack.width, place));
  const size = replayCrops[0].size;
  write(
    join(root, 'resources/replay', name),
    greyStack({ width: size, height: size, pages, voxel, differencing }),
  );
}
