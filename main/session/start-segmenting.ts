import type { JobId } from '#contract/ids';
import type { ParsedInput } from '#main/ipc/handlers';
import { segmentJob } from '#main/jobs/segment-job';
import { requireSlice } from '#main/stacks/stack-source';
import { pixelSizeOf } from '#main/models/pixel-size';
import type { ServiceParts } from './service-parts';

/** @throws MembranaError project.read-only, project.source-missing, stack.slice-out-of-range, model.*, job.busy */
export async function startSegmenting(
  { session, engines, jobs, publish }: ServiceParts,
  input: ParsedInput<'segment.start'>,
): Promise<JobId> {
  const open = session.at(input.at);
  session.projectOf(input.stack);
  const { project, stack } = open;
  project.mustWrite();
  const { depth } = stack.source.info;
  const all = Array.from({ length: depth }, (_, z) => z);
  const slices = input.slices === 'all' ? all : [...new Set(input.slices)].sort((a, b) => a - b);
  for (const z of slices) requireSlice(z, depth);
  const { folder, file } = await open.models.find(input.model);
  return jobs.submit(
    segmentJob(
      {
        stack: await stack.source.reference(),
        pixelSize: pixelSizeOf(project.stack.info.voxelSize),
        slices,
        model: { id: file.id, name: file.name, folder },
        quality: engines.quality,
      },
      {
        engine: engines.forJob('segment', file.baseFilters),
        write: (model, z, probability) => project.predictions.write(model, z, probability),
        written: (model, z) => {
          publish('predictions.changed', { stack: input.stack, model, slices: [z] });
        },
      },
    ),
  );
}
