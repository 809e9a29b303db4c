import type { ModelId, JobId } from '#contract/ids';
import type { Topics } from '../state/topics';
import { en } from '../strings/en';
import { always, attempt, type Command } from './command';

/** Makes another version the one in use, as a step that can be undone; its predictions show at once where they exist. */
export function useModel(topics: Topics, model: ModelId): Promise<void> {
  const { models, painting, comparison } = topics;
  return attempt(topics, () => {
    const before = models.currentId;
    if (before === model) comparison.end();
    else
      painting.change(en.steps.useModel(models.nameOf(model)), {
        kind: 'model',
        before,
        after: model,
      });
    return Promise.resolve();
  });
}

export function cancelJob(topics: Topics, job: JobId): Promise<void> {
  topics.jobs.markCancelling(job);
  return attempt(topics, async () => {
    await topics.client['job.cancel']({ job });
  });
}

async function segment(topics: Topics, slices: 'all' | number[]): Promise<void> {
  const { client, opening, project, models } = topics;
  const stack = project.open?.stack.id;
  const model = models.currentId;
  if (!stack || !model) return;
  await attempt(topics, async () => {
    await client['segment.start']({ at: opening.here(), stack, slices, model });
  });
}

export function modelCommands(topics: Topics) {
  const { app, project, models, jobs, view, threshold, client } = topics;
  const notNow = (): string | null => {
    if (!project.open) return en.top.why.noProject;
    if (project.readOnly) return en.top.why.readOnly;
    if (app.compute.state === 'unavailable') return en.top.why.noEngine;
    if (jobs.busy) return en.top.why.busy;
    return models.current ? null : en.top.why.noModel;
  };
  return {
    'model.segmentSlice': { blocked: notNow, run: () => segment(topics, [view.z]) },
    'model.segmentStack': { blocked: notNow, run: () => segment(topics, 'all') },
    'model.retrain': {
      blocked: () => notNow() ?? (project.reviewedPixels > 0 ? null : en.top.why.nothingCorrected),
      run: () =>
        attempt(topics, async () => {
          const stack = project.open?.stack.id;
          if (!stack) return;
          const at = topics.opening.here();
          const input = { at, stack, z: view.z, threshold: threshold.value };
          const { job } = await client['retrain.start'](input);
          topics.training.begin(job);
        }),
    },
    'model.versions': {
      blocked: () => (project.open ? null : en.top.why.noProject),
      run: () => {
        app.sought = 'models';
      },
    },
    'model.train': {
      blocked: always,
      run: () => {
        app.dialog = 'train';
      },
    },
    'model.engines': {
      blocked: always,
      run: () => {
        app.dialog = 'engines';
      },
    },
  } satisfies Record<string, Command>;
}
