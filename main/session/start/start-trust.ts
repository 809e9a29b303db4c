import { sameConditioning, type JobResult } from '#contract/entities';
import { toErrorReport } from '#contract/errors';
import type { JobId, ModelId, StackId } from '#contract/ids';
import { measureTrust, type MeasureTrustParams } from '#main/compute/requests';
import type { JobTask } from '#main/jobs/job-queue';
import { bundledPictures } from '#main/jobs/replay-data';
import { pixelSizeOf } from '#main/models/pixel-size';
import type { Project } from '#main/project/project';
import { announceConditioning } from '../announce-conditioning';
import { conditioningOf } from '../stack-conditioning';
import type { ServiceParts } from '../service-parts';

type Parts = Pick<ServiceParts, 'session' | 'engines' | 'publish' | 'jobs' | 'log' | 'resources'>;

/** Whether the trust that is kept is that in this model under the conditioning that counts now. */
function isMeasured(project: Project, model: ModelId): boolean {
  const { trust } = project;
  return trust?.model === model && sameConditioning(trust.conditioning, conditioningOf(project));
}

/**
 * A job in the background that measures how far a model can be trusted on the
 * open stack, and keeps it with the project.
 * @throws MembranaError project.read-only, project.source-missing, model.*
 */
async function trustTask(parts: Parts, stackId: StackId, model: ModelId): Promise<JobTask> {
  const open = parts.session.projectOf(stackId);
  open.project.assertWritable();
  const { folder, file } = await open.models.find(model);
  return {
    kind: 'trust',
    title: `Check how far ${file.name} can be trusted here`,
    background: true,
    async run({ signal, progress, remark }): Promise<JobResult> {
      const { project, stack } = open;
      // One that was asked for twice is measured once.
      const known = project.trust;
      if (known !== null && isMeasured(project, model))
        return { kind: 'trust', light: known.light, seconds: 0 };
      const source = await stack.source.reference();
      const conditioning = conditioningOf(project);
      const pictures = await bundledPictures(parts.resources);
      const found = await parts.engines.forJob('segment', file.baseFilters).call(
        measureTrust,
        (choice): MeasureTrustParams => ({
          stack: source,
          model: folder,
          pixelSize: pixelSizeOf(project.stack.info.voxelSize),
          conditioning,
          pictures,
          choice,
        }),
        {
          signal,
          remark,
          onProgress: ({ done, total }) => {
            progress({ done, total, unit: 'slices', note: '' });
          },
        },
      );
      const { light, agreement, disagreement, share, threshold, better, blur, slices, seconds } =
        found;
      const measured = { light, agreement, disagreement, share, threshold, better, blur, slices };
      if (slices.length > 0) {
        await project.setTrust({ ...measured, model, conditioning });
        await announceConditioning(parts, open);
      }
      return { kind: 'trust', light, seconds };
    },
  };
}

/** @throws as `trustTask`; MembranaError job.busy */
export async function startTrust(parts: Parts, stack: StackId, model: ModelId): Promise<JobId> {
  return parts.jobs.submit(await trustTask(parts, stack, model));
}

/** Measures after the work at hand where it was not measured yet; a full queue or a closed project only costs the light. */
export async function trustLater(parts: Parts, stack: StackId, model: ModelId): Promise<void> {
  try {
    const { project } = parts.session.projectOf(stack);
    if (!isMeasured(project, model)) await startTrust(parts, stack, model);
  } catch (error) {
    parts.log.warn('trust is not measured', { reason: toErrorReport(error).message });
  }
}
