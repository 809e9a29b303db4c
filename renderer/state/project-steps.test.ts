import { describe, expect, it } from 'vitest';
import type { Bridge } from '#contract/bridge';
import type { Job, JobResult } from '#contract/entities';
import type { EventName, EventPayload } from '#contract/events';
import { JobId, ModelId, StackId } from '#contract/ids';
import type { EncodedEdit } from '#contract/project-step';
import { createClient } from '../api/client';
import { useModel } from '../commands/model-commands';
import { createCommands } from '../commands/table';
import { connectEvents } from '../ui/connect-events';
import { sampleModel, sampleProject } from './testing/sample-project';
import { createTopics, type Topics } from './topics';

const [first, second] = [sampleModel(), sampleModel({ id: ModelId.parse('m2'), name: 'Model 2' })];
const stack = StackId.parse('s1');

interface OpenWindow {
  readonly topics: Topics;
  readonly commands: ReturnType<typeof createCommands>;
  /** Steps that reached main, oldest first. */
  readonly sent: EncodedEdit[];
  readonly hear: <N extends EventName>(name: N, payload: EventPayload<N>) => void;
}

/** A window with two models and four slices, over a main that saves what it is sent. */
function opened(change: Parameters<typeof sampleProject>[0] = {}): OpenWindow {
  const sent: EncodedEdit[] = [];
  const listeners = new Map<string, (payload: never) => void>();
  const answer = (name: string, input: { step: { sequence: number } }): unknown => {
    if (name === 'project.history') return [];
    sent.push({ kind: 'project', step: input.step as never });
    return { sequence: input.step.sequence };
  };
  const bridge = {
    invoke: (name: string, input: never) =>
      Promise.resolve({ ok: true, value: answer(name, input) }),
    on: (name: string, listener: (payload: never) => void) => {
      listeners.set(name, listener);
      return () => undefined;
    },
    ready: () => undefined,
  } as unknown as Bridge;
  const client = createClient(bridge);
  const topics = createTopics(client);
  const commands = createCommands(topics);
  connectEvents(bridge, topics, commands);
  const view = sampleProject({ models: [first, second], ...change });
  topics.models.show(view.models, view.model);
  topics.view.start(view.view, view.stack.info.depth);
  topics.painting.begin(view, client);
  topics.project.show(view);
  return {
    topics,
    commands,
    sent,
    hear: (name, payload) => listeners.get(name)?.(payload as never),
  };
}

const base = { id: JobId.parse('j1'), title: 'Job' };
const segmented: JobResult = {
  kind: 'segmented',
  slices: 2,
  seconds: 1,
  model: first.id,
  skipped: [],
  pixelNote: '',
};
const trained = (model: ModelId, accepted: boolean): JobResult => ({
  kind: 'trained',
  model,
  verdict: accepted ? 'accepted' : 'kept-aside',
  reason: '',
  replaced: null,
  before: null,
  after: null,
  seconds: 1,
  steps: 1,
  changed: null,
  left: [],
  corrected: 1,
});
const done = (kind: Job['kind'], result: JobResult): Job => ({
  ...base,
  kind,
  state: 'done',
  result,
});
const running = (kind: Job['kind']): Job => ({ ...base, kind, state: 'queued' });

describe('a segmentation', () => {
  it('is a step of the slices that it brought into view; undo takes them out, redo shows them', async () => {
    const { topics, commands, sent, hear } = opened({ predictions: [{ model: first.id, z: 1 }] });
    hear('job.changed', running('segment'));
    for (const z of [0, 1, 2]) hear('predictions.changed', { stack, model: first.id, slices: [z] });
    hear('job.changed', done('segment', segmented));
    expect(topics.painting.undoName).toBe('Segment 2 slices');
    await commands['edit.undo'].run();
    const shown = (): number[] =>
      [0, 1, 2, 3].filter((z) => topics.project.hasPrediction(first.id, z));
    expect(shown()).toEqual([1]);
    await commands['edit.redo'].run();
    expect(shown()).toEqual([0, 1, 2]);
    await topics.painting.session?.flushed();
    expect(sent[0]).toMatchObject({ step: { change: { slices: [0, 2], after: 'shown' } } });
  });

  it('that only made maps anew is no step', () => {
    const { topics, hear } = opened({ predictions: [{ model: first.id, z: 1 }] });
    hear('predictions.changed', { stack, model: first.id, slices: [1] });
    hear('job.changed', done('segment', segmented));
    expect(topics.painting.undoName).toBeNull();
  });

  it('that was cancelled is a step of what it had finished', () => {
    const { topics, hear } = opened();
    hear('job.changed', running('segment'));
    hear('predictions.changed', { stack, model: first.id, slices: [3] });
    hear('job.changed', { ...base, kind: 'segment', state: 'cancelled' });
    expect(topics.painting.undoName).toBe('Segment slice 4');
  });

  it('undone from another slice brings its own into view, the nearest of several', async () => {
    const { topics, commands, hear } = opened();
    for (const z of [0, 2]) hear('predictions.changed', { stack, model: first.id, slices: [z] });
    hear('job.changed', done('segment', segmented));
    topics.view.goTo(3);
    await commands['edit.undo'].run();
    expect(topics.view.z).toBe(2);
  });
});

describe('the model in use', () => {
  it('is switched by a step, and switched back by undo', async () => {
    const { topics, commands, sent } = opened();
    await useModel(topics, second.id);
    expect([topics.models.currentId, topics.painting.undoName]).toEqual([
      'm2',
      'Use model Model 2',
    ]);
    await useModel(topics, second.id);
    await commands['edit.undo'].run();
    expect([topics.models.currentId, topics.painting.undoName]).toEqual(['m1', null]);
    await topics.painting.session?.flushed();
    expect(sent.map((step) => step.kind === 'project' && step.step.action)).toEqual(['do', 'undo']);
  });

  it('stays as the user switched it while main still tells of the one before', async () => {
    const { topics, hear } = opened();
    await useModel(topics, second.id);
    hear('models.changed', { models: [first, second], current: first.id });
    expect(topics.models.currentId).toBe('m2');
    await topics.painting.session?.flushed();
    hear('models.changed', { models: [first, second], current: first.id });
    expect(topics.models.currentId).toBe('m1');
  });

  it('that an accepted retraining brought is a step too; one kept aside is none', async () => {
    const { topics, commands, hear } = opened();
    const third = sampleModel({ id: ModelId.parse('m3'), origin: 'retrained', parent: first.id });
    hear('job.changed', running('retrain'));
    hear('predictions.changed', { stack, model: third.id, slices: [0] });
    hear('models.changed', { models: [first, second, third], current: third.id });
    hear('job.changed', done('retrain', trained(third.id, true)));
    expect(topics.painting.undoName).toBe('Retrain');
    await commands['edit.undo'].run();
    expect(topics.models.currentId).toBe('m1');
    expect(topics.project.hasPrediction(third.id, 0)).toBe(true);

    const fourth = sampleModel({ id: ModelId.parse('m4'), origin: 'retrained' });
    await topics.painting.session?.flushed();
    hear('models.changed', { models: [first, second, third, fourth], current: first.id });
    hear('job.changed', done('retrain', trained(fourth.id, false)));
    expect(topics.painting.undoName).toBeNull();
  });
});

describe('a class edit', () => {
  it('that takes the class in hand away leaves membrane in hand', async () => {
    const { topics, commands } = opened();
    const before = [...topics.project.classes];
    const made = { id: 7, name: 'vesicle', colour: '#009e73', key: 3, locked: false };
    topics.painting.change('Add class', { kind: 'classes', before, after: [...before, made] });
    topics.brush.choose(7);
    expect(topics.brush.label).toBe(7);
    await commands['edit.undo'].run();
    expect(topics.project.classes).toEqual(before);
    expect(topics.brush.label).toBe(2);
    await commands['edit.redo'].run();
    expect(topics.project.classes.at(-1)).toEqual(made);
  });

  it('is as main has it once main has all of it', () => {
    const { topics, hear } = opened();
    const classes = [...topics.project.classes];
    const { id: project, arrangement } = sampleProject();
    const predictions = [{ model: first.id, z: 2 }];
    const told = { project, arrangement, removed: [], classes, predictions };
    hear('project.changed', { ...told, sequence: 9 });
    expect(topics.project.hasPrediction(first.id, 2)).toBe(false);
    hear('project.changed', { ...told, sequence: 0 });
    expect(topics.project.hasPrediction(first.id, 2)).toBe(true);
  });
});
