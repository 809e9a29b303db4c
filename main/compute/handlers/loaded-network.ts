import { MembranaError } from '#contract/errors';
import { readModel, readModelFile } from '#main/models/model-folder';
import type { ModelFile } from '#main/models/model-file';
import { parseNetwork } from '#model/network/parse-network';
import type { Network } from '#model/network/network';
import { weightsFromBytes } from '#model/network/weights';

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

/** @throws MembranaError model.corrupt where a card names more classes than the network has maps */
function requireMaps({ name, classes }: ModelFile, network: Network): void {
  if (classes.length < network.classes) return;
  throw new MembranaError(
    'model.corrupt',
    `The card of "${name}" names ${String(classes.length)} classes beside membrane, but its network has ${String(network.classes)} ${network.classes === 1 ? 'map' : 'maps'}.`,
    {
      hint: 'Choose another model version, or copy this one again from where it came from.',
      data: { classes: classes.length, maps: network.classes },
    },
  );
}
