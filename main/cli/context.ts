import { ComputeClient } from '../compute/client';
import { computeEnvironment } from '../compute/environment';
import { nodeLauncher } from '../compute/node-launcher';
import type { EngineChoice } from '../compute/requests';
import { silentLog } from '../diagnostics/log';
import type { EngineWish } from '../engines/candidate';
import { EngineProfileStore } from '../engines/engine-profile-store';
import { EngineManager } from '../engines/engine-manager';
import { thisMachine } from '../engines/machine';
import { threadCount } from '../engines/thread-count';
import { writeFileAtomic } from '../storage/atomic-file';
import { userDataFolder } from '../settings/user-data-folder';
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
  /** A compute process for work that needs no engine; ended with the command. */
  compute(choice: EngineChoice): ComputeClient;
  /** The engines that were asked for, with what the probes and jobs of this machine found; its process ends with the command. */
  engines(wish: EngineWish): Promise<EngineManager>;
}

export const engineOptions = {
  engine: { type: 'string' },
  device: { type: 'string' },
} as const;

export const engineHelp = [
  '--engine auto|tensorflow|onnx   engine (auto)',
  '--device auto|cpu|gpu           device (auto)',
] as const;

export function engineWish(args: Arguments): EngineWish {
  return {
    engine: args.oneOf('engine', ['auto', 'tensorflow', 'onnx'], 'auto'),
    device: args.oneOf('device', ['auto', 'cpu', 'gpu'], 'auto'),
    provider: 'auto',
  };
}

/** For what runs in the compute process without an engine. */
export function withoutEngine(): EngineChoice {
  return { engine: 'auto', device: 'cpu', threads: threadCount('command-line') };
}

/** A context whose compute process, if one was started, `close` ends. */
export function openContext(
  places: Places,
  signal: AbortSignal,
  progress: Progress,
): { readonly context: Context; close(): void } {
  const disposable: { dispose(): void }[] = [];
  const launcher = nodeLauncher(places.computeEntry);
  return {
    context: {
      ...places,
      signal,
      progress,
      compute(choice) {
        const client = new ComputeClient({
          launcher,
          environment: computeEnvironment(choice),
        });
        disposable.push(client);
        return client;
      },
      async engines(wish) {
        const room = new EngineManager({
          launcher,
          machine: await thisMachine(threadCount('command-line')),
          memory: await EngineProfileStore.open(userDataFolder(), writeFileAtomic, silentLog),
          wish: () => wish,
          log: () => undefined,
        });
        disposable.push(room);
        return room;
      },
    },
    close() {
      for (const one of disposable) one.dispose();
    },
  };
}
