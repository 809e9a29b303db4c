import { appendFileSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { MembranaError } from '#contract/errors';
import { runCompute } from '../run-compute';
import { route } from '../request';
import { engineProbe } from '../requests';
import { block, end, labour, refuse, sum, wait } from './toy-requests';
import { toyProbe } from './toy-probe';

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
  route(labour, () =>
    Promise.resolve(({ choice, fate, tile, engine, mark }) => {
      const { portion } = choice;
      if ((portion?.tile ?? 512) <= tile || choice.engine === engine)
        return Promise.resolve(`${choice.engine} ${portion?.tile ?? 'whole'}`);
      switch (fate) {
        case 'segfault':
          process.kill(process.pid, 'SIGSEGV');
          break;
        case 'exit-5':
          process.exit(5);
          break;
        case 'killed-once':
          if (existsSync(mark)) return Promise.resolve('again');
          writeFileSync(mark, '');
          process.kill(process.pid, 'SIGKILL');
          break;
        case 'killed-five-times': {
          appendFileSync(mark, 'x');
          if (statSync(mark).size > 5)
            return Promise.resolve(`${choice.engine} ${portion?.tile ?? 'whole'}`);
          process.kill(process.pid, 'SIGKILL');
          break;
        }
        case 'out-of-memory':
          throw new MembranaError('engine.out-of-memory', 'No memory.', { hint: 'Less.' });
        case 'bad-page':
          throw new MembranaError('stack.page-unreadable', 'Slice 1 is damaged.', { hint: '-' });
      }
      return new Promise<string>(() => undefined);
    }),
  ),
  route(engineProbe, () => Promise.resolve(toyProbe)),
]);
