import { silentLog } from '#main/diagnostics/log';
import { writeFileAtomic } from '#main/storage/atomic-file';
import { nodeLauncher } from '../../compute/node-launcher';
import { EngineProfileStore } from '../engine-profile-store';
import { EngineManager } from '../engine-manager';
import { thisMachine } from '../machine';

/** ONNX Runtime on one thread of the CPU, in processes of the built entry; what it learns is kept in the folder. */
export async function openRoom(entry: string, folder: string): Promise<EngineManager> {
  return new EngineManager({
    launcher: nodeLauncher(entry),
    machine: await thisMachine(1),
    memory: await EngineProfileStore.open(folder, writeFileAtomic, silentLog),
    wish: () => ({ engine: 'onnx', device: 'cpu', provider: 'auto' }),
    log: () => undefined,
  });
}
