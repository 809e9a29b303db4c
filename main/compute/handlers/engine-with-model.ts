import type { Engine } from '#model/engines/engine';
import { selectEngine } from '#model/engines/select';
import type { EngineChoice } from '../requests';
import { loadNetwork, modelKey, type LoadedNetwork } from './loaded-network';

export interface EngineWithModel {
  /** The same for the same weights on the same choice. */
  readonly key: string;
  readonly engine: Engine;
  readonly model: LoadedNetwork;
}

/** The last one stays: slice after slice uses the same. */
let last: EngineWithModel | null = null;

/** @throws MembranaError or ModelError model.*, engine.unavailable */
export async function engineWithModel(
  folder: string,
  choice: EngineChoice,
): Promise<EngineWithModel> {
  const key = `${await modelKey(folder)}\n${JSON.stringify(choice)}`;
  if (last?.key === key) return last;
  last = null;
  last = { key, engine: await selectEngine(choice), model: await loadNetwork(folder) };
  return last;
}
