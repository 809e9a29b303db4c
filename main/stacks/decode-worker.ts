import { parentPort } from 'node:worker_threads';
import { type DecodeRequest, decodeBatch } from './tiff/decode-block';

/** One batch in, its pixels out, both handed over without a copy. */
parentPort?.on('message', (request: DecodeRequest) => {
  void decodeBatch(request).then((answer) => {
    parentPort?.postMessage(answer, [answer.pixels.buffer]);
  });
});
