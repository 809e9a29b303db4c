import { describe, expect, it } from 'vitest';
import { JobId } from '#contract/ids';
import type { JobContext, JobProgress } from './job-queue';
import { PreviewRing } from './preview-ring';
import { forwardTraining } from './training-progress';
import type { TrainingProgress } from './resumable-training';

function heard(events: readonly TrainingProgress[]): readonly JobProgress[] {
  const said: JobProgress[] = [];
  const context: JobContext = {
    id: JobId.parse('job-1'),
    signal: new AbortController().signal,
    progress: (progress) => said.push(progress),
    training: () => undefined,
    remark: () => undefined,
  };
  const forward = forwardTraining(context, new PreviewRing());
  for (const event of events) forward(event);
  return said;
}

const step = (at: number, steps: number | null, share: number): TrainingProgress => ({
  kind: 'step',
  step: at,
  steps,
  share,
  loss: 0.5,
  learningRate: 1e-3,
  secondsLeft: null,
});

const never = (said: readonly JobProgress[]): void => {
  said.forEach(({ done, total }, i) => {
    const before = said[i - 1];
    expect(done).toBeGreaterThanOrEqual(before?.done ?? 0);
    if ((before?.total ?? 0) > 0) expect(total).toBe(before?.total);
  });
};

describe('the progress of a training', () => {
  it('by the clock counts per cent of it, never a number of steps that nobody knows', () => {
    // Steps get slower: what is left of the minute was guessed as 12, 17, 31, 44 steps before.
    const shares = [0.08, 0.12, 0.2, 0.34, 0.6, 1];
    const said = heard(shares.map((share, i) => step(i + 1, null, share)));
    expect(said.map(({ done, total, unit }) => [done, total, unit])).toEqual(
      [8, 12, 20, 34, 60, 100].map((done) => [done, 100, 'percent']),
    );
    expect(said[3]?.note).toBe('Step 4, loss 0.500');
  });

  it('never goes back, when a process dies and when another engine begins at the checkpoint', () => {
    const restarted = { kind: 'restarted', step: 2, note: 'It was killed.' } as const;
    const run = (steps: number | null): TrainingProgress[] => [
      step(1, steps, 0.1),
      step(2, steps, 0.2),
      step(3, steps, 0.3),
      restarted,
      step(3, steps, 0.25),
      step(1, steps, 0.1),
      step(4, steps, 0.4),
    ];
    for (const steps of [10, null]) {
      const said = heard(run(steps));
      never(said);
      expect(said.at(-1)?.done).toBe(steps === null ? 40 : 4);
      expect(said.at(-2)?.note).toContain('again from step 1 of 3');
    }
  });
});
