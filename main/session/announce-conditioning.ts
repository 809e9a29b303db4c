import type { ConditioningView } from '#contract/entities';
import type { OpenProject } from './open/open-project';
import type { ServiceParts } from './service-parts';
import { conditioningView } from './stack-conditioning';

/** Tells the window how slices are shown to networks now. */
export async function announceConditioning(
  { publish }: Pick<ServiceParts, 'publish'>,
  { project }: OpenProject,
): Promise<ConditioningView> {
  const view = await conditioningView(project);
  publish('conditioning.changed', { stack: project.stack.id, view });
  return view;
}
