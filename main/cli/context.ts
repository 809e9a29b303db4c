import { availableParallelism } from 'node:os';
import { ComputeClient } from '../compute/client';
import { computeEnvironment } from '../compute/environment';
import { nodeLauncher } from '../compute/node-launcher';
import type { EngineChoice } from '../compute/requests';
import type { Arguments } from './arguments';
import type { Progress } from './progress';

export interface Places {
  /** Built entry of the compute process. */
  readonly computeEntry: string;
  /** The folder with models, sample and replay crops. */
  readonly resources: string;
}

/** What a running command has at hand. */
export interface Context extends Places {
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** The compute process, for one engine choice a command; ended with the command. */
  compute(choice: EngineChoice): ComputeClient;
}

export const engineOptions = {
  engine: { type: 'string' },
  device: { type: 'string' },
} as const;

export const engineHelp = [
  '--engine auto|tensorflow|onnx   engine (auto)',
  '--device auto|cpu|gpu           device (auto)',
] as const;

/** All cores, or MEMBRANA_THREADS of them. */
export function engineChoice(args: Arguments): EngineChoice {
  const wanted = Number(process.env['MEMBRANA_THREADS']);
  return {
    engine: args.oneOf('engine', ['auto', 'tensorflow', 'onnx'], 'auto'),
    device: args.oneOf('device', ['auto', 'cpu', 'gpu'], 'auto'),
    threads: Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism(),
  };
}

/** A context whose compute process, if one was started, `close` ends. */
export function openContext(
  places: Places,
  signal: AbortSignal,
  progress: Progress,
): { readonly context: Context; close(): void } {
  const clients: ComputeClient[] = [];
  return {
    context: {
      ...places,
      signal,
      progress,
      compute(choice) {
        const client = new ComputeClient({
          launcher: nodeLauncher(places.computeEntry),
          environment: computeEnvironment(choice),
        });
        clients.push(client);
        return client;
      },
    },
    close() {
      for (const client of clients) client.dispose();
    },
  };
}
