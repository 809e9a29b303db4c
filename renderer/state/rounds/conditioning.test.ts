import { describe, expect, it } from 'vitest';
import { noConditioning, type ConditioningView } from '#contract/entities';
import { LoopState } from './loop.svelte';
import { ModelsState } from './models.svelte';
import { ProjectState } from '../project.svelte';
import { sampleModel, sampleProject } from '../testing/sample-project';
import { ViewState } from '../view/view.svelte';

function opened() {
  const project = new ProjectState();
  const view = new ViewState();
  const models = new ModelsState();
  const model = sampleModel();
  project.show(sampleProject());
  view.depth = 4;
  models.show([model], model.id);
  return { project, view, model: model.id, loop: new LoopState(project, view, models) };
}

const smoothed: ConditioningView = {
  chosen: {
    value: { ...noConditioning, smoothing: 1.5 },
    by: 'measured',
    model: null,
    measured: { ...noConditioning, smoothing: 1.5 },
    proposedScale: null,
  },
  trust: null,
  stale: [],
};

describe('how slices are shown to the model', () => {
  it('is told when it changes, and not when the window finds it so', () => {
    const { project } = opened();
    expect(project.conditioningNews).toBe(false);
    project.takeConditioning(smoothed);
    expect(project.conditioningNews).toBe(true);
    project.show(sampleProject({ conditioning: smoothed }));
    expect(project.conditioningNews).toBe(false);
    project.takeConditioning({ ...smoothed, stale: [] });
    expect(project.conditioningNews).toBe(false);
  });

  it('makes what was predicted in another way old until it is predicted again', () => {
    const { project, model, loop } = opened();
    project.predicted(model, [0, 1]);
    project.takeConditioning({
      ...smoothed,
      stale: [
        { model, z: 0 },
        { model, z: 1 },
      ],
    });
    expect([loop.sliceIsOld, loop.sliceIsStale, loop.isOld(1), loop.isOld(2)]).toEqual([
      ...[true, true, true, false],
    ]);
    expect(loop.next).toBe('segment');
    project.predicted(model, [0]);
    expect([loop.sliceIsOld, loop.isOld(1)]).toEqual([false, true]);
  });
});
