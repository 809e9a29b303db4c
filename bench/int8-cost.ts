import { isAbsolute, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseSliceRange } from '#contract/slice-range';
import { calibrationIndices } from '#main/compute/handlers/slices/calibration-slices';
import { readLabelSlice } from '#main/compute/handlers/slices/label-slices';
import { loadNetwork } from '#main/compute/handlers/loaded-network';
import { openStacks, readSliceOf } from '#main/compute/handlers/slices/slice-pixels';
import { sourceReference } from '#main/stacks/open-stack';
import { selectEngine } from '#model/engines/select';
import { int8Precision } from '#model/inference/calibration';
import { normaliseSlice } from '#model/inference/normalise';
import { SlicePredictor, type NormalisedSlice, type Precision } from '#model/inference/predictor';
import { chooseThresholds } from '#model/metrics/choose-thresholds';
import { evaluateStack } from '#model/metrics/evaluate';
import type { ScoredSlice } from '#model/metrics/scored-slice';
import { printRows, type BenchRow } from './race/report';

/**
 * What 8-bit inference costs: V_Info at the model's stored threshold and at the
 * best one of each, Dice at the stored pixel threshold, mean difference of a
 * probability. By default on the bundled crops of VNC, which isbi-base8 has
 * never seen; calibrated on the first, middle and last slice of the stack.
 */
const root = resolve(import.meta.dirname, '..', '..');
const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'isbi-base8' },
    image: { type: 'string', default: join(root, 'resources', 'replay', 'vnc-crops.tif') },
    labels: { type: 'string', default: join(root, 'resources', 'replay', 'vnc-membranes.tif') },
    membrane: { type: 'string', default: '255' },
    slices: { type: 'string' },
    threads: { type: 'string', default: '2' },
  },
});
const { signal } = new AbortController();
const threads = Number(options.threads);
const engine = await selectEngine({ engine: 'onnx', device: 'cpu', threads });
const { network, weights, file } = await loadNetwork(
  isAbsolute(options.model) ? options.model : join(root, 'resources', 'models', options.model),
);

const image = await sourceReference(options.image);

async function seen(z: number): Promise<NormalisedSlice> {
  const { values, width, height } = await readSliceOf(image, z, signal);
  return { image: normaliseSlice(values), width, height };
}

const labels = await openStacks.get(await sourceReference(options.labels), signal);
const { depth } = labels.info;
const slices = parseSliceRange(options.slices ?? `0-${String(depth - 1)}`, depth);
const calibration: NormalisedSlice[] = [];
for (const z of calibrationIndices(depth)) calibration.push(await seen(z));

async function maps(precision: Precision): Promise<readonly ScoredSlice[]> {
  const predictor = new SlicePredictor(engine, network, weights, precision);
  const scored: ScoredSlice[] = [];
  for (const z of slices) {
    const slice = await seen(z);
    const kind = { membrane: Number(options.membrane), void: null };
    const { target } = await readLabelSlice(labels, z, kind, signal);
    const { width, height } = slice;
    const probability = await predictor.predict(slice);
    scored.push({ width, height, probability, truth: Uint8Array.from(target) });
  }
  predictor.dispose();
  return scored;
}

const float = await maps({ kind: 'float' });
const bytes = await maps(await int8Precision(engine, network, weights, calibration));

function row(what: string, score: (of: readonly ScoredSlice[]) => number): BenchRow {
  const [ours, peer] = [score(bytes), score(float)];
  return {
    line: 'int8-cost',
    case: `${file.name}, ${what}`,
    unit: 'score',
    ours,
    peer,
    peerName: 'the same in float',
    ratio: ours / peer,
    threads,
    samples: slices.length,
  };
}

const { topology, pixel } = file.thresholds;
let apart = 0;
let pixels = 0;
for (const [i, { probability }] of float.entries()) {
  for (const [at, value] of probability.entries())
    apart += Math.abs(value - (bytes[i]?.probability[at] ?? Number.NaN));
  pixels += probability.length;
}
printRows([
  row('V_Info, stored threshold', (of) => evaluateStack(of, topology).vInfo.score),
  row('V_Info, best threshold', (of) => chooseThresholds(of).vInfo),
  row('V_Rand, stored threshold', (of) => evaluateStack(of, topology).vRand.score),
  row('Dice, stored threshold', (of) => evaluateStack(of, pixel).dice),
  {
    ...row('mean difference of a probability', () => apart / pixels),
    unit: 'probability',
    peer: null,
    peerName: null,
    ratio: null,
  },
]);
await openStacks.forget(options.image);
await openStacks.forget(options.labels);
