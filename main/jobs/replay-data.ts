import { join } from 'node:path';
import { nodeFileSystem } from '#main/storage/node-file-system';
import { sourceReference } from '#main/stacks/open-stack';
import type { CleanPictures, LabelledStacks } from '../compute/requests';

/**
 * Pages of the bundled crops: the first train, the last four say whether a
 * model still knows what it knew. The bundled model `general` learnt from the
 * slices that all of them are cut from. So did then both versions that the
 * gate compares: a fall still shows, but neither score is a held-out one.
 */
const TRAIN = [0, 1, 2, 3, 4, 5];
const VALIDATE = [6, 7, 8, 9];

/** The bundled labelled crops in `resources`; null where they were left out. */
export async function bundledReplay(resources: string): Promise<LabelledStacks | null> {
  const image = join(resources, 'replay', 'vnc-crops.tif');
  const labels = join(resources, 'replay', 'vnc-membranes.tif');
  const there = await Promise.all([image, labels].map((path) => nodeFileSystem.status(path)));
  if (there.some((file) => file === null)) return null;
  return {
    image: await sourceReference(image),
    labels: await sourceReference(labels),
    membrane: 255,
    void: null,
    train: TRAIN,
    validate: VALIDATE,
  };
}

/** The voxel size that the bundled crops' files carry. */
const PIXEL_SIZE = { x: 4.6, y: 4.6, unit: 'nm' } as const;

/** What whoever shares a model that learnt from the bundled crops owes their makers (`resources/replay/CITATION.md`). */
export const picturesCredit = {
  mark: '10.6084/m9.figshare.856713',
  licence:
    'It learnt from VNC crops under CC BY-NC-SA 3.0, https://creativecommons.org/licenses/by-nc-sa/3.0/.',
  citation:
    'Fitted on crops of: Gerhard S., Funke J., Martel J., Cardona A., Fetter R., "Segmented anisotropic ssTEM dataset of neural tissue", figshare, 2013, doi 10.6084/m9.figshare.856713.',
} as const;

/** All bundled crops, to be learnt in the look of a stack; null where they were left out. */
export async function bundledPictures(resources: string): Promise<CleanPictures | null> {
  const replay = await bundledReplay(resources);
  if (replay === null) return null;
  const { image, labels: stack, membrane, void: left } = replay;
  const slices = [...TRAIN, ...VALIDATE];
  return { image, pixelSize: PIXEL_SIZE, slices, labels: { stack, membrane, void: left } };
}
