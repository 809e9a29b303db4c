import { readModel, readModelFile } from '#main/models/model-folder';
import type { ModelFile } from '#main/models/model-file';
import { parseNetwork } from '#model/network/parse-network';
import type { Network } from '#model/network/network';
import { weightsFromBytes } from '#model/network/weights';
import { requireMaps } from './known-classes';

export interface LoadedNetwork {
  readonly file: ModelFile;
  readonly network: Network;
  readonly weights: Float32Array<ArrayBuffer>;
}

/**
 * Reads a model version and checks that its weights fit its network.
 * @throws MembranaError or ModelError model.not-found, model.corrupt, model.shape-mismatch
 */
export async function loadNetwork(folder: string): Promise<LoadedNetwork> {
  const { file, weights } = await readModel(folder);
  const network = parseNetwork(file.network);
  requireMaps(file, network);
  return { file, network, weights: weightsFromBytes(network, weights) };
}

/** Tells versions apart without reading their weights. */
export async function modelKey(folder: string): Promise<string> {
  const { weights } = await readModelFile(folder);
  return `${folder}\n${weights.sha256}`;
}
