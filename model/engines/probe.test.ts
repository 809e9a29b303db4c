import { expect, it, vi } from 'vitest';
import { ModelError } from '../errors';
import type { Engine, InferenceSession, TrainingSession } from './engine';
import { probeEngine } from './probe';
import { selectEngine } from './select';

// The engine computes on whatever cores are left over: a busy machine is no fault.
vi.setConfig({ testTimeout: 120_000 });

/** An engine of this machine whose sessions are broken on purpose. */
function broken(
  engine: Engine,
  faults: {
    readonly forward?: (session: InferenceSession) => InferenceSession;
    readonly training?: (session: TrainingSession) => TrainingSession;
  },
): Engine {
  const { name, device, provider, description } = engine;
  return {
    name,
    device,
    provider,
    description,
    memory: () => engine.memory(),
    async compileInference(...words) {
      const session = await engine.compileInference(...words);
      const plain: InferenceSession = {
        shape: session.shape,
        run: (images) => session.run(images),
        dispose: () => {
          session.dispose();
        },
      };
      return faults.forward?.(plain) ?? plain;
    },
    async compileTraining(...words) {
      const session = await engine.compileTraining(...words);
      const plain: TrainingSession = {
        step: (...step) => session.step(...step),
        gradient: (batches) => session.gradient(batches),
        weights: () => session.weights(),
        state: () => session.state(),
        restore: (state) => {
          session.restore(state);
        },
        dispose: () => {
          session.dispose();
        },
      };
      return faults.training?.(plain) ?? plain;
    },
  };
}

const faults: readonly (readonly [string, Parameters<typeof broken>[1]])[] = [
  [
    'one pixel of the map',
    {
      forward: (session) => ({
        ...session,
        async run(images) {
          const map = await session.run(images);
          map[300] = (map[300] ?? 0) + 0.01;
          return map;
        },
      }),
    },
  ],
  [
    'the gradient of one filter',
    {
      training: (session) => ({
        ...session,
        async gradient(batches) {
          const found = await session.gradient(batches);
          for (let i = 0; i < 72; i++) found.gradient[i] = (found.gradient[i] ?? 0) * 0.5;
          return found;
        },
      }),
    },
  ],
  [
    'the update, which is a tenth too long',
    {
      training: (session) => {
        const before = session.weights();
        return {
          ...session,
          weights: () =>
            session.weights().map((value, i) => value + 0.1 * (value - (before[i] ?? 0))),
        };
      },
    },
  ],
  [
    'a value that is no number',
    {
      forward: (session) => ({
        ...session,
        run: async (images) => (await session.run(images)).fill(Number.NaN, 0, 1),
      }),
    },
  ],
];

it.for(faults)('a probe finds %s', async ([, fault], context) => {
  let engine: Engine;
  try {
    engine = await selectEngine({ engine: 'auto', device: 'cpu', threads: 2 });
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return context.skip(`no engine here: ${error.message}`);
  }
  const stages: string[] = [];
  const result = await probeEngine(broken(engine, fault), (stage) => stages.push(stage));
  expect(result).toMatchObject({ ok: false, forwardMs: null, stepMs: null });
  expect(stages).toEqual(['checking']);
});
