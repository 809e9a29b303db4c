import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { ModelError, type ModelErrorCode } from '../../errors';
import type { LossAndGradient, MicroBatch } from '../engine';
import { countGraphs } from './compiled-graph';
import type { GradientLane, LaneSetting } from './gradient-lane';
import { engineFailure } from './library';

export interface LaneRequest {
  readonly weights: Float32Array<ArrayBuffer>;
  readonly microBatch: MicroBatch;
  readonly totals: Float32Array<ArrayBuffer>;
}

export type LaneAnswer =
  | ({ readonly kind: 'done' } & LossAndGradient)
  | {
      readonly kind: 'failed';
      readonly code: ModelErrorCode;
      readonly message: string;
      readonly hint: string;
    };

interface Waiting {
  readonly resolve: (result: LossAndGradient) => void;
  readonly reject: (error: ModelError) => void;
}

/** A lane on a thread of its own; answers come in the order of the requests. */
export function workerLane(worker: URL, setting: LaneSetting): GradientLane {
  const thread = new Worker(worker, { workerData: setting, execArgv: [] });
  const waiting: Waiting[] = [];
  let lost: ModelError | undefined;
  // It keeps the process alive only while somebody waits for it.
  thread.unref();
  countGraphs(1);
  const lose = (reason: string): void => {
    lost ??= engineFailure('compute', new Error(reason));
    for (const { reject } of waiting.splice(0)) reject(lost);
  };
  thread.on('message', (answer: LaneAnswer) => {
    const next = waiting.shift();
    if (waiting.length === 0) thread.unref();
    if (answer.kind === 'done') next?.resolve(answer);
    else next?.reject(new ModelError(answer.code, answer.message, { hint: answer.hint }));
  });
  thread.on('error', (error) => {
    lose(error.message);
  });
  thread.on('exit', () => {
    lose('its thread stopped');
  });
  return {
    gradient: (weights, microBatch, totals) =>
      new Promise((resolve, reject) => {
        if (lost !== undefined) {
          reject(lost);
          return;
        }
        waiting.push({ resolve, reject });
        thread.ref();
        thread.postMessage({ weights, microBatch, totals } satisfies LaneRequest);
      }),
    dispose() {
      if (lost !== undefined) return;
      countGraphs(-1);
      lose('the session was closed');
      void thread.terminate();
    },
  };
}

/** The worker beside the running bundle, where there is one. */
export function builtGradientWorker(): URL | null {
  for (const place of ['./gradient-worker.js', '../main/gradient-worker.js']) {
    const url = new URL(place, import.meta.url);
    if (url.protocol === 'file:' && existsSync(url)) return url;
  }
  return null;
}
