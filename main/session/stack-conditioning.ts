import {
  noConditioning,
  sameConditioning,
  type Conditioning,
  type ConditioningView,
  type StackConditioning,
} from '#contract/entities';
import type { Prediction } from '#main/project/predictions/prediction-store';
import type { Project } from '#main/project/project';

/** Headers that are read at once: a project of a thousand slices opens as fast as a disk answers. */
const TOGETHER = 16;

export const conditioningOf = (project: Project): Conditioning =>
  project.conditioning?.value ?? noConditioning;

/** Predictions in view that were made under another conditioning than the one that counts now. */
export async function stalePredictions(project: Project): Promise<Prediction[]> {
  // Nobody has chosen, so nobody has changed anything.
  if (project.conditioning === null) return [];
  const now = conditioningOf(project);
  const stale: Prediction[] = [];
  const all = project.predictions.list();
  for (let from = 0; from < all.length; from += TOGETHER)
    await Promise.all(
      all.slice(from, from + TOGETHER).map(async (one) => {
        const made = await project.predictions.conditioning(one.model, one.z);
        if (made !== null && !sameConditioning(made, now)) stale.push(one);
      }),
    );
  return stale.sort((one, other) => one.z - other.z);
}

export async function conditioningView(project: Project): Promise<ConditioningView> {
  const { conditioning, trust } = project;
  return { chosen: conditioning, trust, stale: await stalePredictions(project) };
}

/** A conditioning by hand; what was measured stays to go back to. */
export function byHand(value: Conditioning, before: StackConditioning | null): StackConditioning {
  const measured = before?.measured ?? null;
  const back = measured !== null && sameConditioning(measured, value);
  return {
    value,
    by: back ? 'measured' : 'user',
    model: before?.model ?? null,
    measured,
    proposedScale: before?.proposedScale ?? null,
  };
}
