import { isAbsolute, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { MaskThresholds } from '#contract/entities';
import { membraneMask, probabilityBytes } from '#contract/mask/membrane-mask';
import { parseSliceRange } from '#contract/slice-range';
import { readLabelSlice } from '#main/compute/handlers/slices/label-slices';
import { loadNetwork } from '#main/compute/handlers/loaded-network';
import { openStacks, readSliceOf } from '#main/compute/handlers/slices/slice-pixels';
import { sourceReference } from '#main/stacks/open-stack';
import { selectEngine } from '#model/engines/select';
import { normaliseSlice } from '#model/inference/normalise';
import { SlicePredictor } from '#model/inference/predictor';
import { evaluateStack } from '#model/metrics/evaluate';
import type { ScoredSlice } from '#model/metrics/scored-slice';
import { median, printRows, type BenchRow } from './race/report';

/**
 * The mask that is right twice beside the two that it is made of: V_Info and
 * V_Rand beside the cells threshold's, Dice and accuracy beside the pixel
 * threshold's, and the time that it takes. By default on the bundled crops of
 * VNC, which isbi-base8 has never seen; `--prediction` scores a finished map
 * instead of a model, at the thresholds given.
 */
const root = resolve(import.meta.dirname, '..', '..');
const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'isbi-base8' },
    image: { type: 'string', default: join(root, 'resources', 'replay', 'vnc-crops.tif') },
    labels: { type: 'string', default: join(root, 'resources', 'replay', 'vnc-membranes.tif') },
    membrane: { type: 'string', default: '255' },
    /** Pages of the image, and of the labels where these are others. */
    slices: { type: 'string' },
    truth: { type: 'string' },
    prediction: { type: 'string' },
    cells: { type: 'string' },
    pixel: { type: 'string' },
    name: { type: 'string' },
    threads: { type: 'string', default: '2' },
  },
});
const { signal } = new AbortController();
const threads = Number(options.threads);
const { network, weights, file } = await loadNetwork(
  isAbsolute(options.model) ? options.model : join(root, 'resources', 'models', options.model),
);
const thresholds: MaskThresholds = {
  cells: Number(options.cells ?? file.thresholds.topology),
  pixel: Number(options.pixel ?? file.thresholds.pixel),
};

/** Maps, in bytes as the app keeps them, beside their truth. */
async function maps(): Promise<readonly { bytes: Uint8Array; slice: ScoredSlice }[]> {
  const image = await sourceReference(options.prediction ?? options.image);
  const labels = await openStacks.get(await sourceReference(options.labels), signal);
  const pages = (await openStacks.get(image, signal)).info.depth;
  const wanted = parseSliceRange(options.slices ?? `0-${String(pages - 1)}`, pages);
  const truths = parseSliceRange(
    options.truth ?? options.slices ?? `0-${String(pages - 1)}`,
    labels.info.depth,
  );
  if (truths.length !== wanted.length) throw new Error('--truth needs a page for every slice');
  const engine = await selectEngine({ engine: 'onnx', device: 'cpu', threads });
  const predictor = new SlicePredictor(engine, network, weights, { kind: 'float' });
  const found: { bytes: Uint8Array; slice: ScoredSlice }[] = [];
  for (const [i, z] of wanted.entries()) {
    const { values, width, height } = await readSliceOf(image, z, signal);
    const seen = { image: normaliseSlice(values), width, height };
    const map = options.prediction === undefined ? await predictor.predict(seen) : values;
    const bytes = probabilityBytes(Float32Array.from(map));
    const kind = { membrane: Number(options.membrane), void: null };
    const { target } = await readLabelSlice(labels, truths[i] ?? z, kind, signal);
    const probability = Float32Array.from(bytes, (byte) => byte / 255);
    found.push({ bytes, slice: { width, height, probability, truth: Uint8Array.from(target) } });
    process.stderr.write(`slice ${String(z)}\n`);
  }
  predictor.dispose();
  return found;
}

const found = await maps();
const times: number[] = [];
const processor: number[] = [];
const masked = found.map(({ bytes, slice }): ScoredSlice => {
  const { width, height } = slice;
  const rounds = Array.from({ length: 7 }, () => {
    const before = process.cpuUsage();
    const began = performance.now();
    membraneMask(bytes, width, height, thresholds);
    const wall = performance.now() - began;
    return { wall, cpu: process.cpuUsage(before).user / 1000 };
  });
  const scale = (1024 * 1024) / bytes.length;
  times.push(scale * median(rounds.map(({ wall }) => wall)));
  processor.push(scale * median(rounds.map(({ cpu }) => cpu)));
  const mask = membraneMask(bytes, width, height, thresholds);
  return { ...slice, probability: Float32Array.from(mask) };
});
const plain = found.map(({ slice }) => slice);
const both = evaluateStack(masked, 0.5);
const cells = evaluateStack(plain, thresholds.cells);
const pixels = evaluateStack(plain, thresholds.pixel);
const name = options.name ?? file.name;

function row(what: string, ours: number, peer: number | null, peerName: string | null): BenchRow {
  return {
    ...{ line: 'mask', case: `${name}: ${what}`, unit: peer === null ? 'ms' : 'score' },
    ...{ ours, peer, peerName, ratio: peer === null ? null : ours / peer },
    ...{ threads: peer === null ? 1 : threads, samples: found.length },
  };
}

printRows([
  row('V_Info', both.vInfo.score, cells.vInfo.score, 'at the cells threshold alone'),
  row('V_Rand', both.vRand.score, cells.vRand.score, 'at the cells threshold alone'),
  row('Dice', both.dice, pixels.dice, 'at the pixel threshold alone'),
  row('accuracy', both.accuracy, pixels.accuracy, 'at the pixel threshold alone'),
  row('V_Info, pixels alone', both.vInfo.score, pixels.vInfo.score, 'at the pixel threshold alone'),
  row('Dice, cells alone', both.dice, cells.dice, 'at the cells threshold alone'),
  row('a slice of 1024²', median(times), null, null),
  row('a slice of 1024², time of the processor', median(processor), null, null),
]);
await openStacks.forget(options.prediction ?? options.image);
await openStacks.forget(options.labels);
