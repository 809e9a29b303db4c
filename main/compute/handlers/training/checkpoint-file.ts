import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { LossPoint } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { nodeFileSystem } from '#main/storage/node-file-system';
import { writeFileAtomic } from '#main/storage/atomic-file';

/** A training that can go on: the trainer's own state, and the curve up to it. */
export interface TrainingCheckpoint {
  readonly state: Uint8Array;
  readonly curve: readonly LossPoint[];
}

/** Nine times the weights; a buffer can't be longer. */
const LARGEST_CHECKPOINT = 2 ** 31 - 1;
/** A point a step of the longest training. */
const MOST_POINTS = 1_000_000;

const Header = z.object({
  format: z.literal('membrana-training'),
  version: z.literal(1),
  crc32: z.int(),
  curve: z.array(LossPoint).max(MOST_POINTS),
});

function corrupt(path: string, reason: string): MembranaError {
  const file = basename(path);
  return new MembranaError('model.corrupt', `The checkpoint "${file}" can't be used: ${reason}.`, {
    hint: 'Start the training from the beginning; nothing else depends on the checkpoint.',
    data: { file, reason },
  });
}

function headerOf(bytes: Uint8Array): z.infer<typeof Header> | null {
  try {
    return Header.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return null;
  }
}

/** The checkpoint of an interrupted run. @throws MembranaError file.not-found, file.not-plain, file.too-large, model.corrupt */
export async function readCheckpoint(path: string): Promise<TrainingCheckpoint> {
  let bytes: Uint8Array;
  try {
    bytes = await nodeFileSystem.readFile(path, LARGEST_CHECKPOINT);
  } catch (error) {
    if (error instanceof MembranaError) throw error;
    throw new MembranaError(
      'file.not-found',
      `There is no checkpoint "${basename(path)}" to go on from.`,
      {
        hint: 'Leave out --resume to start from the beginning.',
        data: { file: basename(path) },
        cause: error,
      },
    );
  }
  const end = bytes.indexOf(10);
  const header = headerOf(bytes.subarray(0, Math.max(0, end)));
  if (header === null) throw corrupt(path, 'it is not a checkpoint of this version');
  const state = bytes.subarray(end + 1);
  if (crc32(state) !== header.crc32) throw corrupt(path, 'its checksum is wrong');
  return { state, curve: header.curve };
}

/** One line of JSON with the curve and a CRC-32, then the state; the file before stays until this one is whole. */
export async function writeCheckpoint(
  path: string,
  { state, curve }: TrainingCheckpoint,
): Promise<void> {
  const header: z.input<typeof Header> = {
    format: 'membrana-training',
    version: 1,
    crc32: crc32(state),
    curve: [...curve],
  };
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  await writeFileAtomic(path, Buffer.concat([line, state]));
}
