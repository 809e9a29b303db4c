import { describe, expect, it } from 'vitest';
import type { Bridge } from '#contract/bridge';
import type { AuditAnswer, AuditView } from '#contract/entities';
import { createClient } from '../api/client';
import { sampleModel, sampleProject } from '../state/testing/sample-project';
import { createTopics } from '../state/topics';
import { createCommands } from './table';

const thresholds = sampleModel().thresholds;

const viewOf = (answers: readonly (AuditAnswer | null)[]): AuditView => ({
  audit: {
    created: '2026-12-01T00:00:00.000Z',
    seed: 1,
    state: {
      model: sampleModel().id,
      mask: { pixel: thresholds.pixel, cells: thresholds.topology },
      sequence: 0,
    },
    frames: 9,
    slices: 1,
    places: answers.map((answer, i) => ({
      ...{ z: 0, x: 64 * i, y: 0, width: 64, height: 64 },
      ...{ pixels: 100, micrometres: 0.5, answer },
    })),
  },
  result: {
    ...{ answered: 0, skipped: 0, length: 0, unit: 'µm' },
    ...{ merges: null, splits: null, right: null },
  },
  sentence: null,
  ...{ labelsChanged: false, shownOtherwise: false, modelName: 'Model 1' },
});

describe('judging places by keys', () => {
  it('takes a second key neither for another answer to the place nor for one to a place that nobody saw', async () => {
    const answers: (AuditAnswer | null)[] = [null, null, null];
    let written: () => void = () => undefined;
    const bridge = {
      invoke: async (name: string, input: unknown) => {
        if (name !== 'audit.answer') return { ok: true, value: [] };
        await new Promise<void>((done) => (written = done));
        const { place, answer } = input as { place: number; answer: AuditAnswer };
        answers[place] = answer;
        return { ok: true, value: viewOf(answers) };
      },
      on: () => () => undefined,
      ready: () => undefined,
    };
    const topics = createTopics(createClient(bridge as unknown as Bridge));
    const view = sampleProject();
    topics.models.show(view.models, view.model);
    topics.view.start(view.view, view.stack.info.depth);
    topics.painting.begin(view, topics.client);
    topics.project.show(view);
    topics.audit.show(viewOf(answers));
    const commands = createCommands(topics);
    await commands['audit.next'].run();
    const first = commands['audit.split'].run();
    expect(commands['audit.skip'].blocked()).toBe('The answer before is being kept.');
    written();
    await first;
    expect(answers).toEqual(['split', null, null]);
    expect(topics.audit.index).toBe(1);
    expect(commands['audit.skip'].blocked()).toBeNull();
  });
});
