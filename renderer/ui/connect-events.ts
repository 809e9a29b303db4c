import type { Bridge } from '#contract/bridge';
import type { Job } from '#contract/entities';
import { subscribe } from '../api/client';
import { openOffered } from '../commands/file-commands';
import { lookAgain } from '../commands/changes-commands';
import { redoOldSlices } from '../commands/model-commands';
import { focusOf } from '../commands/dispatcher';
import { runCommand, type CommandTable } from '../commands/table';
import type { Topics } from '../state/topics';
import { en } from '../strings/en';

/** What a finished job leaves in the history. */
function recordStep({ project, models, painting, segmentSteps }: Topics, job: Job): void {
  if (job.background) return;
  // An export may have segmented first.
  if (job.kind === 'segment' || job.kind === 'export') segmentSteps.conclude();
  else segmentSteps.forget();
  if (job.state !== 'done' || job.result.kind !== 'trained' || project.open === null) return;
  const { model } = job.result;
  const before = models.replacedId;
  if (models.currentId !== model || before === null || before === model) return;
  const name = job.kind === 'retrain' ? en.steps.retrain : en.steps.useModel(models.nameOf(model));
  painting.change(name, { kind: 'model', before, after: model });
}

/** What a finished job leaves on the screen. */
function conclude(topics: Topics, job: Job): void {
  const { notices, loop } = topics;
  switch (job.state) {
    case 'queued':
    case 'running':
      return;
    case 'failed':
      notices.error(job.error);
      return;
    case 'cancelled':
      notices.toast(en.notices.jobCancelled(job.title));
      return;
    case 'done':
      if (job.remarks !== undefined) notices.add({ kind: 'stepped-down', remarks: job.remarks });
      switch (job.result.kind) {
        case 'segmented':
          if (job.background) return;
          notices.add({ kind: 'segmented', result: job.result });
          return;
        case 'compared':
          // Another pair may be listed by now; its list asks for itself.
          void lookAgain(topics);
          return;
        case 'trust':
          return;
        case 'measured':
          topics.accuracy.take(job.result.report);
          return;
        case 'exported':
          notices.add({ kind: 'exported', result: job.result });
          return;
        case 'trained': {
          notices.add({ kind: 'trained', result: job.result });
          // Kept aside or not: the same corrections again would give the same model.
          if (job.kind === 'retrain') loop.learned();
          if (job.result.verdict === 'accepted') void redoOldSlices(topics);
          return;
        }
      }
  }
}

/** Takes in what main says of a job; its end is told once. */
export function takeJob(topics: Topics, job: Job): void {
  const begins = job.state === 'running' && topics.jobs.find(job.id)?.state !== 'running';
  if (begins && job.kind === 'accuracy') topics.accuracy.started();
  if (!topics.jobs.report(job)) return;
  recordStep(topics, job);
  conclude(topics, job);
}

/** Every event that main sends, and the topic it belongs to. Returns the disposer. */
export function connectEvents(bridge: Bridge, topics: Topics, commands: CommandTable): () => void {
  const {
    app,
    project,
    training,
    models,
    notices,
    painting,
    segmentSteps,
    queue,
    accuracy,
    effort,
  } = topics;
  const here = (stack: string): boolean => project.open?.stack.id === stack;
  return subscribe(bridge, {
    'menu.command': ({ command }) => {
      // The menu's keys reach past a dialog or a text field; its commands must not.
      if (app.dialog !== null && !/^(help|view\.theme)/.test(command)) return;
      if (focusOf(document.activeElement) === 'text' && command.startsWith('edit.')) return;
      runCommand(commands, command);
    },
    'files.offered': ({ grants, via }) => {
      void openOffered(topics, grants, via === 'drop' ? topics.drag.takeDropped() : 'open');
    },
    'files.refused': ({ error }) => {
      notices.refuse(error, project.open ? 'project' : 'home');
    },
    'job.changed': (job) => {
      takeJob(topics, job);
    },
    'training.update': ({ job, update }) => {
      training.update(job, update);
    },
    'predictions.changed': ({ stack, model, slices, background }) => {
      if (!here(stack)) return;
      const added = slices.filter((z) => !project.hasPrediction(model, z));
      if (!background) segmentSteps.add(stack, model, added);
      project.predicted(model, slices);
      queue.outdate();
    },
    'project.changed': (changed) => {
      // Main's word counts where nothing newer is on its way to it.
      const newest = painting.session?.lastSequence === changed.sequence;
      if (project.open?.id === changed.project && newest) project.settle(changed);
    },
    'conditioning.changed': ({ stack, view }) => {
      if (here(stack)) project.takeConditioning(view);
    },
    'labels.coverage': ({ stack, slices }) => {
      if (!here(stack)) return;
      project.cover(slices);
      accuracy.painted(slices.map(({ z }) => z));
    },
    'effort.changed': ({ project: id, effort: spent }) => {
      if (project.open?.id === id) effort.show(spent);
    },
    'models.changed': ({ models: all, current }) => {
      // A switch of ours that main has not heard of yet stays.
      const ours = painting.session?.isWaiting('model') ?? false;
      models.show(all, ours ? models.currentId : current);
    },
    'stack.changed': ({ stack, error }) => {
      if (here(stack)) notices.error(error);
    },
    'disk.warning': ({ error }) => {
      notices.error(error);
    },
    'compute.state': (state) => {
      app.compute = state;
    },
    'engines.changed': (overview) => {
      app.engines = overview;
    },
    'recent.changed': (items) => {
      app.recent = items;
    },
  });
}
