import type { ModelId, JobId } from '#contract/ids';
import { placeAround } from '../state/rounds/place-changes';
import { oldSlices } from '../state/view/shown-prediction';
import type { Topics } from '../state/topics';
import { en } from '../strings/en';
import { always, attempt, type Command } from './command';
import { changeSettings } from './view-commands';

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

/** Segments slices with a version, the one in use where none is named; one that is in view again is a step that undo takes back. */
export async function segment(
  topics: Topics,
  slices: readonly number[],
  model: ModelId | null = topics.models.currentId,
): Promise<void> {
  const { client, opening, project } = topics;
  const stack = project.open?.stack.id;
  if (!stack || !model || slices.length === 0) return;
  await attempt(topics, async () => {
    await client['segment.start']({ at: opening.here(), stack, slices: [...slices], model });
  });
}

/** Segments what shows the prediction of an earlier version again, in the background, unless that is switched off. */
export async function redoOldSlices(topics: Topics): Promise<void> {
  const { app, client, opening, project, models, view, loop } = topics;
  const stack = project.open?.stack.id;
  const model = models.currentId;
  const slices = oldSlices(view.depth, view.z, (z) => loop.isOld(z));
  if (!app.settings.redoOld || !stack || !model || project.readOnly || slices.length === 0) return;
  await attempt(topics, async () => {
    const at = opening.here();
    await client['segment.start']({ at, stack, slices: [...slices], model, background: true });
  });
}

/** What is compared where nobody says what: the version in use with the one that it came from, else with its newest child. */
export function usualComparison({
  models,
}: Topics): { readonly before: ModelId; readonly after: ModelId } | null {
  const { current } = models;
  if (current === null) return null;
  const parent = models.find(current.parent);
  if (parent) return { before: parent.id, after: current.id };
  const child = models.timeline.find((version) => version.parent === current.id);
  return child ? { before: current.id, after: child.id } : null;
}

/** Asks which version changed what lies around a point of the slice in view, in image pixels. */
export function lookBack(
  { app, project, view }: Topics,
  point: { readonly x: number; readonly y: number },
): void {
  const info = project.open?.stack.info;
  if (info === undefined) return;
  const size = { width: info.width, height: info.height };
  app.place = { z: view.z, rect: placeAround(point, info.width, info.height), size };
  app.dialog = 'place';
}

/** Shows the versions that are compared beside each other, with a divider; again = ends it. */
export function swipe(topics: Topics): void {
  const { comparison } = topics;
  if (comparison.versions !== null && comparison.side === 'swipe') comparison.end();
  else {
    const versions = comparison.versions ?? usualComparison(topics);
    if (versions !== null) comparison.start(versions.before, versions.after, 'swipe');
  }
}

/** Puts a version in place that was only offered; what shows an earlier one follows in the background, as after an accepted training. */
export async function takeOffered(topics: Topics, model: ModelId): Promise<void> {
  await useModel(topics, model);
  await redoOldSlices(topics);
}

/** The versions that are compared and have not predicted the slice in view as it is shown to models now. */
export function comparisonMissing({ comparison, project, view }: Topics): readonly ModelId[] {
  const { versions } = comparison;
  if (versions === null) return [];
  return [versions.before, versions.after].filter(
    (model) => !project.hasPrediction(model, view.z) || project.isStale(model, view.z),
  );
}

/** Makes the predictions that the comparison lacks on the slice in view; they show as they come. */
export async function completeComparison(topics: Topics): Promise<void> {
  const { z } = topics.view;
  for (const model of comparisonMissing(topics)) await segment(topics, [z], model);
}

/** Slices that the version in use has not predicted, ascending. */
export function slicesMissing({ project, models, view }: Topics): readonly number[] {
  return Array.from({ length: view.depth }, (_, z) => z).filter(
    (z) => !project.hasPrediction(models.currentId, z),
  );
}

export function modelCommands(topics: Topics) {
  const { app, project, models, jobs, view, mask, client } = topics;
  const notNow = (): string | null => {
    if (!project.open) return en.top.why.noProject;
    if (project.readOnly) return en.top.why.readOnly;
    if (app.compute.state === 'unavailable') return en.top.why.noEngine;
    if (jobs.busy) return en.top.why.busy;
    return models.current ? null : en.top.why.noModel;
  };
  return {
    'model.segmentSlice': { blocked: notNow, run: () => segment(topics, [view.z]) },
    // Goes on where a cancelled one stopped; what is there already is done again from the dialog only.
    'model.segmentStack': {
      blocked: notNow,
      run: () => {
        const missing = slicesMissing(topics);
        if (missing.length > 0) return segment(topics, missing);
        app.dialog = 'segment';
        return Promise.resolve();
      },
    },
    'model.segmentSome': {
      blocked: notNow,
      run: () => {
        app.dialog = 'segment';
      },
    },
    'model.redoOld': {
      blocked: always,
      run: () => changeSettings(topics, { redoOld: !app.settings.redoOld }),
    },
    'model.retrain': {
      blocked: () => notNow() ?? (project.reviewedPixels > 0 ? null : en.top.why.nothingCorrected),
      run: () =>
        attempt(topics, async () => {
          const stack = project.open?.stack.id;
          if (!stack) return;
          const at = topics.opening.here();
          const input = { at, stack, z: view.z, mask: { ...mask.thresholds } };
          const { job } = await client['retrain.start'](input);
          topics.training.begin(job);
        }),
    },
    'model.fit': {
      blocked: notNow,
      run: () =>
        attempt(topics, async () => {
          const stack = project.open?.stack.id;
          if (!stack) return;
          const { job } = await client['fit.start']({
            at: topics.opening.here(),
            stack,
            z: view.z,
          });
          topics.training.begin(job);
        }),
    },
    'model.versions': {
      blocked: () => (project.open ? null : en.top.why.noProject),
      run: () => {
        app.sought = 'models';
      },
    },
    'model.timeline': {
      blocked: () => (project.open ? null : en.top.why.noProject),
      run: () => {
        app.dialog = 'timeline';
      },
    },
    'model.swipe': {
      blocked: () => {
        if (!project.open) return en.top.why.noProject;
        return (topics.comparison.versions ?? usualComparison(topics)) ? null : en.timeline.onlyOne;
      },
      run: () => {
        swipe(topics);
      },
    },
    'model.whichChanged': {
      blocked: () =>
        project.open ? (models.current ? null : en.top.why.noModel) : en.top.why.noProject,
      run: () => {
        const { width, height } = project.open?.stack.info ?? { width: 0, height: 0 };
        lookBack(topics, view.pointer ?? view.centre ?? { x: width / 2, y: height / 2 });
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
