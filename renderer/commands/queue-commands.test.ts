import { describe, expect, it } from 'vitest';
import type { Bridge } from '#contract/bridge';
import type { QueueEntry } from '#contract/entities';
import { INTERIOR, MEMBRANE } from '#contract/label-byte';
import { createClient } from '../api/client';
import { sampleProject } from '../state/testing/sample-project';
import { createTopics } from '../state/topics';
import { en } from '../strings/en';
import { createCommands } from './table';

const entry = (z: number, x: number, kind: QueueEntry['kind'] = 'open'): QueueEntry => ({
  ...{ z, x, y: 5, kind, chance: 0.5, expected: 0.5, others: 0 },
  box: { x, y: 0, width: 1, height: 10 },
});

/** A window on a project with predictions, and a main that knows these places. */
function open(...lists: readonly (readonly QueueEntry[])[]) {
  let asked = 0;
  const bridge = {
    invoke: () => {
      const entries = lists[Math.min(asked, lists.length - 1)];
      asked += 1;
      return Promise.resolve({ ok: true, value: { entries, slices: 3 } });
    },
    on: () => () => undefined,
    ready: () => undefined,
  };
  const topics = createTopics(createClient(bridge as unknown as Bridge));
  const view = sampleProject();
  topics.models.show(view.models, view.model);
  topics.view.start(view.view, view.stack.info.depth);
  topics.opening.take(view);
  topics.project.show(view);
  topics.loop.start();
  if (view.model !== null) topics.project.predicted(view.model, [0, 1, 2]);
  return { topics, commands: createCommands(topics), asked: () => asked };
}

describe('where to look next', () => {
  it('goes from place to place, whatever slice they are on, and back', async () => {
    const { topics, commands, asked } = open([entry(2, 10), entry(0, 50), entry(1, 90)]);
    const seen: number[] = [];
    for (let step = 0; step < 3; step += 1) {
      await commands['queue.next'].run();
      seen.push(topics.view.z);
    }
    expect(seen).toEqual([2, 0, 1]);
    expect(asked()).toBe(1);
    await commands['queue.previous'].run();
    expect([topics.view.z, topics.queue.current?.x]).toEqual([0, 50]);
  });

  it('asks about no place twice, and says when nothing is left', async () => {
    const { topics, commands } = open([entry(2, 10), entry(0, 50)]);
    await commands['queue.next'].run();
    await commands['queue.right'].run();
    expect(topics.queue.current?.x).toBe(50);
    // At the end main is asked again; it knows nothing of the answers.
    await commands['queue.right'].run();
    expect([topics.queue.current, topics.queue.over]).toEqual([null, true]);
  });

  it('looks again when there are other predictions or another threshold', async () => {
    const { topics, commands, asked } = open([entry(2, 10), entry(0, 50)], [entry(1, 70)]);
    await commands['queue.next'].run();
    topics.queue.outdate();
    await commands['queue.next'].run();
    expect([topics.queue.current?.x, asked()]).toEqual([70, 2]);
    topics.mask.set({ cells: 0.9 });
    await commands['queue.next'].run();
    expect(asked()).toBe(3);
  });

  it('says how long the rest will take, at the pace of the work, once ten places were answered', async () => {
    const many = Array.from({ length: 15 }, (_, i) => entry(0, 20 * i));
    const { topics, commands } = open(many);
    const { queue, effort } = topics;
    await commands['queue.next'].run();
    for (let answered = 0; answered < 10; answered += 1) {
      expect(queue.secondsLeft).toBeNull();
      // Two inputs within 12 s, and a break that is nobody's work.
      for (const second of [0, 12]) effort.time.input(1000 * (answered * 600 + second));
      await commands['queue.right'].run();
    }
    expect(queue.secondsLeft).toBeCloseTo(5 * 12);
    expect(en.queue.left(60)).toContain('About 1 min ');
    expect(en.queue.left(24.3 * 60)).toContain('About 25 min ');
  });

  it('puts the class in hand that mends the place', async () => {
    const { topics, commands } = open([entry(2, 10), entry(0, 50, 'faint')]);
    topics.brush.take('lasso');
    await commands['queue.next'].run();
    await commands['queue.wrong'].run();
    expect([topics.brush.tool, topics.brush.label]).toEqual(['brush', MEMBRANE]);
    await commands['queue.next'].run();
    expect(topics.queue.asked?.x).toBe(50);
    await commands['queue.wrong'].run();
    expect(topics.brush.label).toBe(INTERIOR);
    // Answered: no ring lies over what is painted now.
    expect([topics.queue.asked, topics.queue.current?.x]).toEqual([null, 50]);
  });

  it('says why it can’t: nothing open, no place yet', () => {
    const bridge = { invoke: () => new Promise(() => undefined), on: () => () => undefined };
    const closed = createCommands(createTopics(createClient(bridge as unknown as Bridge)));
    expect(closed['queue.next'].blocked()).toBe(en.top.why.noProject);
    expect(open([]).commands['queue.wrong'].blocked()).toBe(en.queue.why.noPlace);
  });
});
