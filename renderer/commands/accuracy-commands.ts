import type { SegmentationError } from '#contract/entities';
import type { AccuracyBasis } from '../state/looking/accuracy.svelte';
import type { Topics } from '../state/topics';
import { en } from '../strings/en';
import { attempt, type Command } from './command';
import { cancelJob } from './model-commands';

/** Screen pixels per image pixel at an error: its cells and their neighbours fill the view. */
const CLOSE = 3;
const MIDDLE = { x: 0.5, y: 0.5 };

/** What would be measured now. */
export function accuracyBasis({ models, mask, truth }: Topics): AccuracyBasis {
  return {
    model: models.currentId,
    mask: mask.thresholds,
    truth: truth.layer,
    membrane: truth.membrane,
  };
}

function show({ view }: Topics, error: SegmentationError | null): void {
  if (error === null) return;
  view.goTo(error.z);
  const middle = { x: error.x + 0.5, y: error.y + 0.5 };
  view.picture?.lookAt(middle, Math.max(CLOSE, view.scale), MIDDLE);
}

/** Shows the error at a place of the list. */
export function goToError(topics: Topics, index: number): void {
  show(topics, topics.accuracy.goTo(index));
}

/** The truth is closed or another one comes: nothing of it is measured any more. */
export function forgetAccuracy(topics: Topics): void {
  const running = topics.jobs.running('accuracy');
  topics.accuracy.close();
  if (running !== null) void cancelJob(topics, running.id);
}

/** How right the mask is by the truth: measure it, go through its errors. */
export function accuracyCommands(topics: Topics) {
  const { project, models, truth, jobs, mask, accuracy, client, opening } = topics;
  const say = en.accuracy.why;
  const measurable = (): string | null => {
    if (!project.open) return en.top.why.noProject;
    if (truth.layer === null) return say.noTruth;
    if (truth.membrane === null) return say.noMembrane;
    if (project.predictedCount(models.currentId) === 0) return say.notSegmented;
    return jobs.running('accuracy') ? say.running : null;
  };
  const listed = (): string | null => {
    if (accuracy.report === null) return measurable() ?? say.notMeasured;
    return accuracy.report.worst.length === 0 ? say.noErrors : null;
  };
  return {
    'accuracy.measure': {
      blocked: measurable,
      run: () =>
        attempt(topics, async () => {
          const { membrane } = truth;
          if (membrane === null) return;
          accuracy.begin(accuracyBasis(topics));
          await topics.painting.allSaved();
          const at = opening.here();
          await client['accuracy.measure']({ at, membrane, mask: mask.thresholds });
        }),
    },
    'accuracy.next': {
      blocked: () => {
        const last = (accuracy.report?.worst.length ?? 0) - 1;
        return listed() ?? (accuracy.index >= last ? say.last : null);
      },
      run: () => {
        goToError(topics, accuracy.index + 1);
      },
    },
    'accuracy.previous': {
      blocked: () => listed() ?? (accuracy.index <= 0 ? say.first : null),
      run: () => {
        goToError(topics, accuracy.index - 1);
      },
    },
  } satisfies Record<string, Command>;
}
