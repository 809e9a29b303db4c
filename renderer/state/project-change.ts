import type { ProjectChange } from '#contract/project-step';
import { MEMBRANE, VOID } from '#contract/label-byte';
import type { BrushState } from './brush.svelte';
import type { ComparisonState } from './rounds/comparison.svelte';
import type { ModelsState } from './rounds/models.svelte';
import type { ProjectState } from './project.svelte';

/** What project steps change in the window. */
export interface ChangedTopics {
  readonly project: ProjectState;
  readonly models: ModelsState;
  readonly comparison: ComparisonState;
  readonly brush: BrushState;
}

/** Makes the window as a step says, whether it is done, taken back or done again. */
export function applyChange(
  { project, models, comparison, brush }: ChangedTopics,
  change: ProjectChange,
): void {
  switch (change.kind) {
    case 'classes':
      project.classes = change.after;
      // No class in hand that is gone.
      if (brush.label !== VOID && !change.after.some(({ id }) => id === brush.label))
        brush.label = MEMBRANE;
      return;
    case 'model':
      models.currentId = change.after;
      comparison.end();
      return;
    case 'layers':
      project.arrangement = change.after;
      return;
    case 'predictions':
      // Those of another stack are not in the window.
      if (project.open?.stack.id !== change.stack) return;
      if (change.after === 'shown') project.predicted(change.model, change.slices);
      else project.withdraw(change.model, change.slices);
      return;
  }
}
