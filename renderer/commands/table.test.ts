import { describe, expect, it } from 'vitest';
import type { Bridge } from '#contract/bridge';
import { createClient } from '../api/client';
import { createTopics, type Topics } from '../state/topics';
import { sampleModel, sampleProject } from '../state/testing/sample-project';
import { en } from '../strings/en';
import { runCommand, createCommands } from './table';

/** The window's end of the door, with a main that answers what the test says and keeps what it was asked. */
function open(answers: Readonly<Record<string, unknown>> = {}): {
  topics: Topics;
  asked: { name: string; input: unknown }[];
} {
  const asked: { name: string; input: unknown }[] = [];
  const bridge = {
    invoke: (name: string, input: unknown) => {
      asked.push({ name, input });
      const value = answers[name];
      return Promise.resolve(
        value === undefined
          ? { ok: false, error: { code: 'job.busy', message: name, hint: 'Wait.', data: {} } }
          : { ok: true, value },
      );
    },
    on: () => () => undefined,
    ready: () => undefined,
  };
  return { topics: createTopics(createClient(bridge as unknown as Bridge)), asked };
}

function enter(topics: Topics): void {
  const view = sampleProject();
  topics.models.show(view.models, view.model);
  topics.view.start(view.view, view.stack.info.depth);
  topics.opening.take(view);
  topics.project.show(view);
  topics.loop.start();
}

describe('commands', () => {
  it('say why they can’t be done', () => {
    const { topics, asked } = open();
    const commands = createCommands(topics);
    expect(commands['model.segmentSlice'].blocked()).toBe(en.top.why.noProject);
    enter(topics);
    expect(commands['model.segmentSlice'].blocked()).toBeNull();
    expect(commands['model.retrain'].blocked()).toBe(en.top.why.nothingCorrected);
    expect(runCommand(commands, 'model.retrain')).toBe(false);
    expect(asked).toEqual([]);
  });

  it('segment the slice that is shown with the model in use', async () => {
    const { topics, asked } = open({ 'segment.start': { job: 'j1' } });
    const commands = createCommands(topics);
    enter(topics);
    topics.view.goTo(2);
    await commands['model.segmentSlice'].run();
    expect(asked).toEqual([
      {
        name: 'segment.start',
        input: {
          at: { project: 'p1', opening: 'o1' },
          stack: 's1',
          slices: [2],
          model: 'm1',
        },
      },
    ]);
  });

  it('turn a refusal of main into an error card', async () => {
    const { topics } = open();
    enter(topics);
    await createCommands(topics)['model.segmentStack'].run();
    expect(topics.notices.cards).toMatchObject([{ kind: 'error', report: { code: 'job.busy' } }]);
  });

  it('stay within the stack when changing slices', () => {
    const { topics } = open();
    const commands = createCommands(topics);
    enter(topics);
    runCommand(commands, 'slice.backTen');
    expect(topics.view.z).toBe(0);
    runCommand(commands, 'slice.last');
    runCommand(commands, 'slice.next');
    expect(topics.view.z).toBe(topics.view.depth - 1);
  });

  it('are meant for the slice that the turns before them lead to', () => {
    const { topics } = open();
    const commands = createCommands(topics);
    enter(topics);
    topics.view.cameUp(0);
    runCommand(commands, 'slice.next');
    runCommand(commands, 'slice.next');
    expect(topics.view.z).toBe(1);
    runCommand(commands, 'view.minimap');
    expect(topics.view.z).toBe(2);
  });

  it('paint nothing in a project that is open for reading', () => {
    const { topics } = open();
    const view = sampleProject();
    topics.models.show([sampleModel()], null);
    topics.project.show({ ...view, access: { kind: 'read-only', reason: 'open elsewhere' } });
    const commands = createCommands(topics);
    for (const id of ['tool.brush', 'edit.undo', 'label.2', 'review.confirmSlice'] as const)
      expect(commands[id].blocked()).toBe(en.top.why.readOnly);
    expect(commands['slice.next'].blocked()).toBeNull();
  });

  it('leave the most passing thing first on Escape', () => {
    const { topics } = open();
    const commands = createCommands(topics);
    enter(topics);
    topics.brush.take('pick');
    topics.notices.toast('hello');
    runCommand(commands, 'app.escape');
    expect(topics.notices.toasts).toEqual([]);
    expect(topics.brush.tool).toBe('pick');
    runCommand(commands, 'app.escape');
    expect(topics.brush.tool).toBe('brush');
  });
});
