import type { StackConditioning } from '#contract/entities';
import { isAbort, toErrorReport } from '#contract/errors';
import type { ModelId, StackId } from '#contract/ids';
import { chooseConditioning, type ChooseConditioningParams } from '#main/compute/requests';
import type { JobContext } from '#main/jobs/job-queue';
import { pixelSizeOf } from '#main/models/pixel-size';
import { announceConditioning } from '../announce-conditioning';
import type { ServiceParts } from '../service-parts';

/**
 * Chooses how a stack is shown to networks, before its first slice is
 * segmented: once, and never under predictions that are there already. A
 * failure costs nothing but the choice.
 */
export async function chooseFirst(
  parts: Pick<ServiceParts, 'session' | 'engines' | 'publish' | 'log'>,
  wish: { readonly stack: StackId; readonly model: ModelId },
  { signal, progress, remark }: Pick<JobContext, 'signal' | 'progress' | 'remark'>,
): Promise<void> {
  const open = parts.session.projectOf(wish.stack);
  const { project, stack } = open;
  if (project.conditioning !== null || project.predictions.list().length > 0) return;
  const { folder, file } = await open.models.find(wish.model);
  const source = await stack.source.reference();
  const pixelSize = pixelSizeOf(project.stack.info.voxelSize);
  const say = (done: number, total: number): void => {
    progress({ done, total, unit: 'percent', note: 'Looking how the model sees this stack best' });
  };
  say(0, 0);
  try {
    const found = await parts.engines.forJob('segment', file.baseFilters).call(
      chooseConditioning,
      (choice): ChooseConditioningParams => ({
        stack: source,
        model: folder,
        pixelSize,
        proposeScale: pixelSize === null,
        choice,
      }),
      { signal, remark },
    );
    if (found.slices.length === 0) return;
    const measured: StackConditioning = {
      value: found.chosen,
      by: 'measured',
      model: file.id,
      measured: found.chosen,
      proposedScale: found.proposedScale,
    };
    await project.setConditioning(measured);
    await announceConditioning(parts, open);
  } catch (error) {
    if (isAbort(error)) throw error;
    parts.log.warn('no conditioning was chosen', { reason: toErrorReport(error).message });
  }
}
