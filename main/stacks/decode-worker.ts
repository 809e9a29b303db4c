import { parentPort } from 'node:worker_threads';
import { isBroken } from './hdf5/hdf5-library';
import { answerRequest, type StackRequest, transferred } from './stack-worker';

/** Signs of life while a file is slow to answer; a worker that gives none is stuck in a computation. */
const ALIVE_MS = 500;

parentPort?.on('message', (request: StackRequest) => {
  const alive = setInterval(() => parentPort?.postMessage({ kind: 'alive' }), ALIVE_MS);
  void answerRequest(request).then((answer) => {
    clearInterval(alive);
    parentPort?.postMessage(answer, transferred(answer));
    // A library that has failed takes its thread with it; the next one begins afresh.
    if (isBroken()) process.exit();
  });
});
