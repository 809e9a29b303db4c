import {
  noConditioning,
  trustIn,
  type MaskThresholds,
  type ModelVersion,
} from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { maskSettingOf, thresholdsFor } from '#contract/mask/mask-setting';
import { firstByte, hasLine, maskOver } from '#contract/mask/membrane-mask';
import type { Project } from '../project/project';
import { readGrey } from '../stacks/grey-region';
import type { StackSource } from '../stacks/stack-source';
import { sliceStatistics } from '../stacks/statistics';
import { windowToBytes } from '../stacks/wire-tile';
import { png, tinted } from './png';
import type { ReportPicture } from './report-document';
import type { ReportSubject } from './report-facts';

/** Longest edge of a picture; of larger slices the middle is shown. */
const LONGEST = 1024;
/** The mask's colour in the window. */
const MASK = [0xe6, 0x9f, 0x00] as const;

/** The version that the one in use comes from at last; null = it is that one itself, or is not known. */
export function startOf(
  models: readonly ModelVersion[],
  model: ModelId | null,
): ModelVersion | null {
  const find = (id: ModelId | null): ModelVersion | null =>
    models.find((one) => one.id === id) ?? null;
  let oldest = find(model);
  // A chain is no longer than the list, also where a file makes it a ring.
  for (let left = models.length; left > 0; left -= 1)
    oldest = find(oldest?.parent ?? null) ?? oldest;
  return oldest?.id === model ? null : oldest;
}

/** The slice in view where it is among these, else the first of them; null = there are none. */
const preferred = (slices: readonly number[], inView: number): number | null =>
  slices.find((z) => z === inView) ?? slices[0] ?? null;

/**
 * One slice as it is and under the mask, and before it under that of the
 * version that the one in use comes from, where both have segmented a slice.
 */
export async function reportPictures(
  { project, models, model, mask }: ReportSubject,
  source: StackSource,
  signal: AbortSignal,
): Promise<ReportPicture[]> {
  const segmentedBy = (id: ModelId | null): number[] =>
    project.predictions.list().flatMap((one) => (one.model === id ? [one.z] : []));
  const start = startOf(models, model);
  const byStart = new Set(start === null ? [] : segmentedBy(start.id));
  const ours = segmentedBy(model);
  const both = ours.filter((z) => byStart.has(z));
  const { z: inView } = project.view;
  const z = preferred(both, inView) ?? preferred(ours, inView) ?? inView;

  const { width, height } = source.info;
  const size = { width: Math.min(width, LONGEST), height: Math.min(height, LONGEST) };
  const x = Math.floor((width - size.width) / 2);
  const y = Math.floor((height - size.height) / 2);
  const region = await readGrey(source, z, { x, y, ...size }, 0, signal);
  const { low, high } = await sliceStatistics(source, z, signal);
  const grey = windowToBytes(region.data, { min: low, max: high });
  const part = size.width < width || size.height < height ? ', its middle' : '';
  const slice = `Slice ${String(z + 1)}${part}`;
  const masked = async (
    id: ModelId,
    thresholds: MaskThresholds,
    title: string,
  ): Promise<ReportPicture[]> => {
    const whole = await wholeMask(project, id, z, thresholds, signal);
    if (whole === null) return [];
    const on = (i: number): boolean =>
      whole[(y + Math.floor(i / size.width)) * width + x + (i % size.width)] === 1;
    return [{ title, png: png(tinted(grey, on, MASK), size.width, size.height, 3) }];
  };
  const before =
    start !== null && byStart.has(z)
      ? await masked(
          start.id,
          maskOfStart(project, start),
          `${slice}: before, with the mask of ${start.name}, which the version in use comes from`,
        )
      : [];
  const after = before.length > 0 ? ': now, with the mask of' : ', with the mask of';
  const name = models.find(({ id }) => id === model)?.name ?? 'the version in use';
  return [
    { title: slice, png: png(grey, size.width, size.height, 1) },
    ...before,
    ...(model === null ? [] : await masked(model, mask, `${slice}${after} ${name}`)),
  ];
}

function maskOfStart({ view, trust, conditioning }: Project, start: ModelVersion): MaskThresholds {
  const shown = conditioning?.value ?? noConditioning;
  return thresholdsFor(start, maskSettingOf(view), trustIn(trust, start.id, shown));
}

/** 1 where the mask is, for every pixel of a slice; null without a sound prediction. */
async function wholeMask(
  project: Project,
  model: ModelId,
  z: number,
  mask: MaskThresholds,
  signal: AbortSignal,
): Promise<ReturnType<typeof maskOver> | null> {
  const map = await project.predictions.slice(model, z);
  if (map === null) return null;
  const line = hasLine(mask)
    ? await project.lines.line(model, z, firstByte(mask.cells), signal)
    : null;
  return maskOver(map, mask, line);
}
