import type { ProjectChange } from '#contract/project-step';
import type { ComparisonState } from './comparison.svelte';
import type { ModelsState } from './models.svelte';
import type { ProjectState } from './project.svelte';

/** What project steps change in the window. */
export interface ChangedTopics {
  readonly project: ProjectState;
  readonly models: ModelsState;
  readonly comparison: ComparisonState;
}

/** Makes the window as a step says, whether it is done, taken back or done again. */
export function applyChange(
  { project, models, comparison }: ChangedTopics,
  change: ProjectChange,
): void {
  switch (change.kind) {
    case 'classes':
      project.classes = change.after;
      return;
    case 'model':
      models.currentId = change.after;
      comparison.end();
      return;
    case 'predictions':
      if (change.after === 'shown') project.predicted(change.model, change.slices);
      else project.withdraw(change.model, change.slices);
      return;
  }
}
