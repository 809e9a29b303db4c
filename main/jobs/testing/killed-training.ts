import type { ComputeClient } from '../../compute/client';
import type { TrainResult } from '../../compute/requests';
import { trainResumably, type KeptTraining, type TrainingProgress } from '../resumable-training';

/** `count` different steps in [1, steps − 3], drawn from the seed and sorted. */
export function killSteps(seed: number, count: number, steps: number): number[] {
  const chosen = new Set<number>();
  let state = seed >>> 0;
  while (chosen.size < Math.min(count, steps - 3)) {
    // Numerical Recipes' generator; its high bits are good enough for a lottery.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    chosen.add(1 + Math.floor((state / 2 ** 32) * (steps - 3)));
  }
  return [...chosen].sort((a, b) => a - b);
}

export interface KilledTraining {
  readonly result: TrainResult;
  readonly events: readonly TrainingProgress[];
  /** Steps at whose report a process got SIGKILL: each a process of its own. */
  readonly killed: readonly number[];
}

/** Trains while the compute process is killed with SIGKILL as soon as it reports the steps named. */
export async function trainWithKills(
  compute: ComputeClient,
  params: KeptTraining,
  kills: readonly number[],
): Promise<KilledTraining> {
  const events: TrainingProgress[] = [];
  const killed: number[] = [];
  let dying: number | null = null;
  const result = await trainResumably(compute, params, {
    signal: new AbortController().signal,
    onProgress(event) {
      events.push(event);
      const wanted = kills[killed.length];
      const { pid } = compute;
      if (event.kind !== 'step' || wanted === undefined || event.step < wanted) return;
      if (pid === null || pid === dying) return;
      dying = pid;
      killed.push(event.step);
      process.kill(pid, 'SIGKILL');
    },
  });
  return { result, events, killed };
}
