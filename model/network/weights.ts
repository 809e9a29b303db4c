import { ModelError } from '../errors';
import { Random } from '../training/random';
import type { ConvolutionLayer, Network } from './network';
import { parameterCount, parametersOf } from './parameters';

/** Share of membrane in EM of neural tissue (ISBI 2012: 0.22); the last bias starts there. */
const membraneShare = 0.22;

/**
 * Fresh weights: He initialisation (normal, variance 2 / fan-in) for
 * convolutions, zero for residual branches, one for scales; the last bias at
 * the logit of the usual share of membrane, or at zero where the classes
 * exclude one another, since their shares are not known. Equal seeds give equal weights.
 */
export function initialWeights(network: Network, seed: number): Float32Array<ArrayBuffer> {
  const random = new Random(seed);
  const weights = new Float32Array(parameterCount(network));
  const convolutions = new Map<string, ConvolutionLayer>();
  for (const layer of network.layers)
    if (layer.kind === 'convolution') convolutions.set(layer.name, layer);
  for (const { name, layer, offset, length } of parametersOf(network)) {
    const values = weights.subarray(offset, offset + length);
    const convolution = convolutions.get(layer);
    if (name.endsWith('.scale')) values.fill(1);
    if (convolution === undefined) continue;
    if (name.endsWith('.bias')) {
      if (convolution.start === 'head' && network.output === 'sigmoid')
        values.fill(Math.log(membraneShare / (1 - membraneShare)));
      continue;
    }
    const fanIn = convolution.inputChannels * convolution.kernel ** 2;
    const deviation =
      convolution.start === 'zero' ? 0 : Math.sqrt((convolution.start === 'head' ? 1 : 2) / fanIn);
    for (let i = 0; i < length; i++) values[i] = deviation * random.normal();
  }
  return weights;
}

/** Throws `model.shape-mismatch` unless the flat array has one finite number for every parameter. */
export function checkWeights(network: Network, weights: Float32Array): void {
  const expected = parameterCount(network);
  if (weights.length !== expected) {
    throw new ModelError(
      'model.shape-mismatch',
      `The weights hold ${weights.length} numbers, but the network "${network.name}" has ${expected}.`,
      {
        hint: 'The weight file and the network description belong to different models: put back the pair that was saved together.',
        data: { network: network.name, expected, found: weights.length },
      },
    );
  }
  const bad = weights.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const parameter = parametersOf(network).find(({ offset, length }) => bad < offset + length);
    throw new ModelError(
      'model.corrupt',
      `The weights of "${parameter?.name ?? network.name}" contain a number that is not finite.`,
      {
        hint: "Choose another model version; this one can't be used.",
        data: { network: network.name, position: bad },
      },
    );
  }
}

/** Little-endian float32 numbers in canonical order, nothing else: the file that a model version keeps. */
export function weightsToBytes(weights: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(weights.length * 4);
  const view = new DataView(bytes.buffer);
  weights.forEach((value, i) => {
    view.setFloat32(i * 4, value, true);
  });
  return bytes;
}

/** Reads what `weightsToBytes` wrote; checks length and values against the network. */
export function weightsFromBytes(network: Network, bytes: Uint8Array): Float32Array<ArrayBuffer> {
  if (bytes.byteLength % 4 !== 0) {
    throw new ModelError(
      'model.corrupt',
      `The weight file has ${bytes.byteLength} bytes, which is not a whole number of float32 values.`,
      {
        hint: 'The file was cut off or is not a weight file; copy it again or choose another model version.',
        data: { network: network.name, bytes: bytes.byteLength },
      },
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const weights = new Float32Array(bytes.byteLength / 4);
  for (let i = 0; i < weights.length; i++) weights[i] = view.getFloat32(i * 4, true);
  checkWeights(network, weights);
  return weights;
}
