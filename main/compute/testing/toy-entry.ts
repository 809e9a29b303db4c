import { MembranaError } from '#contract/errors';
import { runCompute } from '../run-compute';
import { route } from '../request';
import { block, end, refuse, sum, wait } from './toy-requests';

const hang = (): never => {
  for (;;) Math.random();
};

runCompute([
  route(sum, () =>
    Promise.resolve(({ values }, { progress }) => {
      let total = 0;
      for (const value of values) {
        total += value;
        progress(total);
      }
      return Promise.resolve(total);
    }),
  ),
  route(wait, () =>
    Promise.resolve(
      (_params, { signal, progress }) =>
        new Promise<null>((_resolve, reject) => {
          progress('waiting');
          signal.addEventListener('abort', () => {
            reject(new DOMException('Aborted', 'AbortError'));
          });
        }),
    ),
  ),
  route(block, () =>
    Promise.resolve(async (_params, { progress }) => {
      progress('blocking');
      await new Promise((resolve) => setTimeout(resolve, 20));
      return hang();
    }),
  ),
  route(end, () =>
    Promise.resolve(({ how }) => {
      if (how === 'exit-7') process.exit(7);
      void Promise.reject(new Error('nobody listens'));
      return new Promise<null>(() => undefined);
    }),
  ),
  route(refuse, () =>
    Promise.resolve(() =>
      Promise.reject(
        new MembranaError('engine.unavailable', 'No engine here.', { hint: 'Run set-up.' }),
      ),
    ),
  ),
]);
