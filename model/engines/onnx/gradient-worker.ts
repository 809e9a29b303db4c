import { parentPort, workerData } from 'node:worker_threads';
import { ModelError } from '../../errors';
import { localLane, type LaneSetting } from './gradient-lane';
import type { LaneAnswer, LaneRequest } from './worker-lane';

/** A lane on a thread of its own: micro-batches in, losses and gradients out, one at a time. */
function serve(setting: LaneSetting): void {
  const lane = localLane(setting);
  const answer = async ({ weights, microBatch, totals }: LaneRequest): Promise<LaneAnswer> => {
    try {
      return { kind: 'done', ...(await lane.gradient(weights, microBatch, totals)) };
    } catch (error) {
      const { code, message, hint } =
        error instanceof ModelError
          ? error
          : { code: 'engine.failed' as const, message: String(error), hint: 'Try again.' };
      return { kind: 'failed', code, message, hint };
    }
  };
  parentPort?.on('message', (request: LaneRequest) => {
    void answer(request).then((result) => {
      parentPort?.postMessage(result, result.kind === 'done' ? [result.gradient.buffer] : []);
    });
  });
}

function isSetting(value: unknown): value is LaneSetting {
  return typeof value === 'object' && value !== null && 'placement' in value && 'network' in value;
}

const given: unknown = workerData;
if (isSetting(given)) serve(given);
