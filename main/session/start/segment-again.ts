import type { JobResult } from '#contract/entities';
import { classOf, UNTOUCHED } from '#contract/label-byte';
import type { ModelId } from '#contract/ids';
import { membraneMask } from '#contract/mask/membrane-mask';
import { predictSlice, type PredictParams } from '#main/compute/requests';
import type { JobContext } from '#main/jobs/job-queue';
import { checkedBytes } from '#main/jobs/segment-job';
import { passesOf } from '#main/jobs/segment-passes';
import { pixelSizeOf } from '#main/models/pixel-size';
import type { StoredModel } from '#main/models/model-store';
import type { OpenProject } from '../open/open-project';
import { conditioningOf } from '../stack-conditioning';
import type { ServiceParts } from '../service-parts';

type Running = Pick<JobContext, 'signal' | 'remark'>;
type Changed = Extract<JobResult, { kind: 'trained' }>['changed'];

/** Segments a slice with a version, so that what it changes is there to see. Returns the map, a byte a pixel. */
export async function segmentAgain(
  { engines, publish }: ServiceParts,
  open: OpenProject,
  model: StoredModel,
  z: number,
  { signal, remark }: Running,
): Promise<Uint8Array> {
  const { project, stack } = open;
  const { predictions } = project;
  const { id } = project.stack;
  const source = await stack.source.reference();
  const { quality } = engines;
  const conditioning = conditioningOf(project);
  const result = await engines.forJob('segment', model.file.baseFilters).call(
    predictSlice,
    (choice): PredictParams => ({
      stack: source,
      z,
      model: model.folder,
      ...passesOf(quality, choice),
      pixelSize: pixelSizeOf(project.stack.info.voxelSize),
      conditioning,
      classes: true,
      output: 'uint8',
      choice,
    }),
    { signal, remark },
  );
  const { probability, classes } = checkedBytes(result);
  await predictions.write(model.file.id, z, probability, conditioning, classes);
  publish('predictions.changed', { stack: id, model: model.file.id, slices: [z] });
  return probability;
}

/** Segments a slice with both versions and counts what is another mask without a label on it. */
export async function segmentWithBoth(
  parts: ServiceParts,
  open: OpenProject,
  [before, after]: readonly [ModelId, ModelId],
  z: number,
  running: Running,
): Promise<Changed> {
  const { width, height } = open.project.stack.info;
  const masks: Uint8Array[] = [];
  for (const id of [before, after]) {
    const model = await open.models.find(id);
    const map = await segmentAgain(parts, open, model, z, running);
    const { topology: cells, pixel } = model.file.thresholds;
    masks.push(membraneMask(map, width, height, { cells, pixel }));
  }
  const labels = await open.project.labels.slice(z);
  let pixels = 0;
  let unlabelled = 0;
  labels.forEach((label, i) => {
    if (classOf(label) !== UNTOUCHED) return;
    unlabelled += 1;
    if (masks[0]?.[i] !== masks[1]?.[i]) pixels += 1;
  });
  return { z, pixels, unlabelled };
}
