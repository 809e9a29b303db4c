import type { JobResult, MaskThresholds } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { JobId } from '#contract/ids';
import type { ProjectAccuracy } from '#main/accuracy/project-accuracy';
import type { OpenProject } from '../open/open-project';
import type { ServiceParts } from '../service-parts';

interface Asked {
  readonly open: OpenProject;
  readonly accuracy: ProjectAccuracy;
  readonly mask: MaskThresholds;
  /** The value of the truth that means membrane. */
  readonly membrane: number;
}

/**
 * A job that holds the mask of the segmented slices against the truth. It
 * gives way to every other one, and goes on after it where it was.
 * @throws MembranaError accuracy.no-truth, accuracy.nothing-to-measure, model.*, file.*, job.busy
 */
export async function startMeasuring(
  { engines, jobs }: Pick<ServiceParts, 'engines' | 'jobs'>,
  { open, accuracy, mask, membrane }: Asked,
): Promise<JobId> {
  const { truth, project } = open;
  if (truth === null)
    throw new MembranaError('accuracy.no-truth', 'No truth is open to measure against.', {
      hint: 'Open a label stack as truth in the layer panel, then measure.',
    });
  const model = await open.currentModel();
  if (model === null)
    throw new MembranaError('accuracy.nothing-to-measure', 'There is no model, so no mask.', {
      hint: 'Train a model or choose one, segment, then measure.',
    });
  const { file } = await open.models.find(model);
  const asked = { model, mask, membrane, truth: await truth.reference() };
  return jobs.submit({
    kind: 'accuracy',
    title: `Measure the mask against ${truth.layer.name}`,
    background: true,
    async run({ signal, progress, remark }): Promise<JobResult> {
      await project.labels.settled();
      const sequence = project.labels.lastSequence;
      const report = await accuracy.measure(asked, {
        engine: engines.forJob('segment', file.baseFilters),
        signal,
        remark,
        progress: (done, total) => {
          progress({ done, total, unit: 'slices', note: '' });
        },
      });
      // Another truth, or none, may lie beside the stack by now.
      if (open.truth === truth)
        open.measured = { report, truth: truth.layer.name, membrane, sequence };
      return { kind: 'measured', report };
    },
  });
}
