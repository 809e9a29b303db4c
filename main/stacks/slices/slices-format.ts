import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import type { StackInfo, StackWarning } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { sliceMark } from '#contract/slice-marks';
import type { VolumeInfo } from '#volume/volume-info';
import { ChunkStack } from '../chunk-stack';
import { fileError } from '../source-file';
import { FileList } from '../source/file-list';
import type { StackFormat } from '../stack-format';
import { PictureChunks } from './picture-chunks';
import { isSliceName, type Series, seriesOf } from './series';
import { kindOfSlice } from './slice-head';
import type { SliceStructure } from './slice-structure';
import { TiffSlices } from './tiff-slices';

/** Slices without a picture that are named. */
const MOST_NAMED = 8;

type OneSeries = Extract<Series, { readonly kind: 'one' }>;

/** The one series of a folder. @throws MembranaError stack.several, stack.no-image, file.* */
async function seriesIn(path: string): Promise<OneSeries> {
  const name = basename(path);
  const names = await readdir(path).catch((error: unknown) => {
    throw fileError(error, name);
  });
  const series = seriesOf(names);
  switch (series.kind) {
    case 'one':
      return series;
    case 'several':
      throw new MembranaError(
        'stack.several',
        `${name} holds several series of pictures: ${series.lines.join('; ')}.`,
        {
          hint: 'Put each series into a folder of its own and open that.',
          data: { file: name, series: series.lines.length },
        },
      );
    case 'none':
      throw new MembranaError('stack.no-image', `${name} holds no slices any more.`, {
        hint: 'Choose a folder of TIFF, PNG or JPEG slices.',
        data: { file: name },
      });
  }
}

/** A folder in which every picture is a slice. */
export const slices: StackFormat = {
  name: 'folder of slices',
  owns: (entry) => entry.kind === 'folder' && entry.names.some(isSliceName),
  async open(path, { pool, signal, expected }) {
    const series = await seriesIn(path);
    const list = await FileList.look(
      path,
      series.names,
      expected === undefined ? {} : { expected },
    );
    const structure = await pool.slices(path, series.names, signal);
    const info = infoOf(series, structure, list.size);
    if (kindOfSlice(series.names[0] ?? '') === 'tiff')
      return new TiffSlices(info, structure.readUnit, list, pool);
    const { width, height, type, samples, meaning } = info;
    const shape = { z: info.depth, y: height, x: width };
    const volume: VolumeInfo = {
      axes: info.axes,
      shape,
      voxelSize: info.voxelSize,
      levels: [{ halvings: 0, shape, chunk: { ...shape, z: 1 } }],
      element: type,
      channels: 1,
      samples,
    };
    const like = { width, height, type, samples, meaning };
    return new ChunkStack(info, new PictureChunks(volume, like, list, pool), list, pool.size + 1);
  },
  async contents(path, expected) {
    const { names } = await seriesIn(path);
    return FileList.look(path, names, expected === undefined ? {} : { expected });
  },
};

function infoOf(
  { names, warnings }: OneSeries,
  { head, bad }: SliceStructure,
  fileBytes: number,
): StackInfo {
  const depth = names.length;
  const { width, height, type, samples, meaning, voxelSize, compression, byteOrder } = head;
  return {
    width,
    height,
    depth,
    type,
    samples,
    meaning,
    voxelSize,
    axes: `${depth > 1 ? 'Z' : ''}YX${samples > 1 ? 'S' : ''}`,
    compression,
    byteOrder,
    fileBytes,
    warnings: [...warnings, ...head.warnings, ...badWarnings(bad)],
  };
}

function badWarnings(bad: SliceStructure['bad']): StackWarning[] {
  const told = bad.slice(0, MOST_NAMED).map(({ z, reason }) => ({
    code: 'slice-unreadable',
    message: `Slice ${sliceMark(z)} can't be read: ${reason}`,
    page: z,
  }));
  const more = bad.length - told.length;
  if (more === 0) return told;
  return [...told, { code: 'slice-unreadable', message: `${more} more slices can't be read.` }];
}
