import { sameConditioning } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { ParsedInput } from '#main/ipc/handlers';
import type { RetrainRequest } from '#main/jobs/retrain-job';
import { pixelSizeOf } from '#main/models/pixel-size';
import { requireSlice } from '#main/stacks/stack-source';
import type { OpenProject } from '../open/open-project';
import type { ServiceParts } from '../service-parts';
import { conditioningOf } from '../stack-conditioning';

/**
 * The project in which the window asks for a round.
 * @throws MembranaError project.stale, project.not-open
 */
export function projectOfRound(
  { session }: ServiceParts,
  { at, stack }: Pick<ParsedInput<'fit.start'>, 'at' | 'stack'>,
): OpenProject {
  const open = session.at(at);
  session.projectOf(stack);
  return open;
}

/**
 * The stack and the version that a retraining or a fit is made of; `z` is the slice in view.
 * @throws MembranaError project.read-only, project.source-missing, model.not-found, usage
 */
export async function openRound(
  open: OpenProject,
  z: number,
): Promise<Pick<RetrainRequest, 'stack' | 'model'>> {
  const { project, stack } = open;
  project.assertWritable();
  const { depth } = stack.source.info;
  requireSlice(z, depth);
  const current = await open.currentModel();
  if (current === null)
    throw new MembranaError('model.not-found', 'There is no model to go on from.', {
      hint: 'Train one from a stack and its labels first.',
    });
  return {
    stack: {
      source: await stack.source.reference(),
      name: project.stack.name,
      depth,
      pixelSize: pixelSizeOf(project.stack.info.voxelSize),
      conditioning: conditioningOf(project),
    },
    model: await open.models.find(current),
  };
}

/** Whether networks are still shown the stack as it was when the round began. */
export function shownSo(
  { project }: OpenProject,
  { conditioning, pixelSize }: RetrainRequest['stack'],
): boolean {
  const now = pixelSizeOf(project.stack.info.voxelSize);
  const asSized = JSON.stringify(now) === JSON.stringify(pixelSize);
  return asSized && sameConditioning(conditioningOf(project), conditioning);
}
