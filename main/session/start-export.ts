import { basename, dirname } from 'node:path';
import type { JobResult } from '#contract/entities';
import type { JobId } from '#contract/ids';
import type { ParsedInput } from '#main/ipc/handlers';
import { prepareExport } from '#main/jobs/export-job';
import type { ServiceParts } from './service-parts';
import { chosenSlices } from './slice-choice';
import { firstTask } from './start-segmenting';

const titles = {
  mask: 'mask',
  classes: 'classes',
  review: 'review states',
  probability: 'membrane probability',
} as const;

/**
 * Starts to write slices of the open project as a TIFF.
 *
 * @throws MembranaError labels.incomplete, stack.slice-out-of-range, grant.unknown, job.busy;
 *   to segment: project.read-only, project.source-missing, model.*
 */
export async function startExport(
  parts: ServiceParts,
  input: ParsedInput<'labels.export'>,
): Promise<JobId> {
  const { what, grant, mask, missing } = input;
  const open = parts.session.at(input.at);
  const { stack } = open.project;
  const path = await parts.grants.path(grant, 'save');
  const slices = chosenSlices(input.slices, stack.info.depth);
  const model = await open.currentModel();
  const write = await prepareExport(
    open.project,
    { what, path, slices, missing, model, mask },
    (wanted, id) => firstTask(parts, { stack: stack.id, slices: wanted, model: id }),
  );
  const name = basename(path);
  return parts.jobs.submit({
    kind: 'export',
    title: `Export the ${titles[what]} to ${name}`,
    async run(context): Promise<JobResult> {
      const folder = basename(dirname(path));
      return { kind: 'exported', what, name, folder, grant, ...(await write(context)) };
    },
  });
}
