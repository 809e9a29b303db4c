import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { writeTiff } from './bad-files';
import { sampleMiddles } from './degraded-sample';

/**
 * The middle 512² of the sample's slices under the sample's name and voxel
 * size: what a story segments and trains for takes a quarter of the time.
 */
export const storyStack = join(
  ...[resolve(import.meta.dirname, '..'), 'test-results', 'stacks', 'vnc-sample.tif'],
);

/** The folder of its project, among the projects of a home. */
export const storyProject = 'vnc-sample.emproj';

const voxel = 'PhysicalSizeX="4.6" PhysicalSizeY="4.6" PhysicalSizeZ="47.5"';
const units = 'PhysicalSizeXUnit="nm" PhysicalSizeYUnit="nm" PhysicalSizeZUnit="nm"';

/** Writes it, before the stories. */
export async function writeStoryStack(): Promise<void> {
  const slices = await sampleMiddles();
  const size = { width: 512, height: 512, pages: slices.length };
  const pixels = `SizeX="512" SizeY="512" SizeZ="${String(slices.length)}" SizeC="1" SizeT="1"`;
  await mkdir(dirname(storyStack), { recursive: true });
  await writeTiff(storyStack, {
    ...size,
    value: (x, y, z) => slices[z]?.[y * size.width + x] ?? 0,
    description: `<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint8" ${pixels} ${voxel} ${units}><Channel ID="Channel:0:0" SamplesPerPixel="1"/><TiffData/></Pixels></Image></OME>`,
  });
}
