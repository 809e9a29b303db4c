import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseSliceRange } from '#contract/slice-range';
import { readLabelSlice } from '#main/compute/handlers/slices/label-slices';
import { loadNetwork } from '#main/compute/handlers/loaded-network';
import { openStacks, readSliceOf } from '#main/compute/handlers/slices/slice-pixels';
import { sourceReference } from '#main/stacks/open-stack';
import type { SourceReference } from '#main/stacks/source/source-identity';
import { selectEngine } from '#model/engines/select';
import { normaliseSlice } from '#model/inference/normalise';
import { SlicePredictor } from '#model/inference/predictor';
import { resampled, type Picture, type Size } from '#model/inference/resample';
import { chooseThresholds } from '#model/metrics/choose-thresholds';
import { evaluateStack } from '#model/metrics/evaluate';
import type { ScoredSlice } from '#model/metrics/scored-slice';
import { printRows, type BenchRow } from './race/report';

/**
 * Does it help to resample a stack of another pixel size for the network? The
 * bundled model (4 nm) on VNC (4.6 nm) brought to several pixel sizes: as it
 * is, and resampled to 4 nm and back. V_Info and Dice at the model's stored
 * thresholds, and V_Info at the best threshold of each, on the stack's own grid.
 */
const root = resolve(import.meta.dirname, '..', '..');
const { values: options } = parseArgs({
  options: {
    data: {
      type: 'string',
      default: process.env['MEMBRANA_DATA'] ?? join(root, '..', 'shared', 'data'),
    },
    model: { type: 'string', default: 'isbi-base8' },
    slices: { type: 'string', default: '2,6,10,14' },
    sizes: { type: 'string', default: '2,3,3.4,3.7,4,4.3,4.6,5,5.5,6.5,8,12' },
    threads: { type: 'string', default: '2' },
    quick: { type: 'boolean', default: false },
    // There is none; every line takes the word, so that all can run at once.
    peers: { type: 'boolean', default: false },
  },
});
const sourceNm = 4.6;
const modelNm = 4;
const signal = new AbortController().signal;
const threads = Number(options.threads);
const stack = (name: string): Promise<SourceReference> =>
  sourceReference(join(options.data, 'vnc', `stack1-${name}.tif`));

const engine = await selectEngine({ engine: 'auto', device: 'cpu', threads });
const { network, weights, file } = await loadNetwork(
  join(root, 'resources', 'models', options.model),
);
const predictor = new SlicePredictor(engine, network, weights);

const sized = ({ width, height }: Size, factor: number): Size => ({
  width: Math.round(width * factor),
  height: Math.round(height * factor),
});

async function probability(picture: Picture, seen: Size): Promise<Float32Array<ArrayBuffer>> {
  const { values, ...size } = resampled(picture, seen);
  const map = await predictor.predict({ image: normaliseSlice(values), ...size });
  return resampled({ values: map, ...size }, picture).values;
}

const labels = await openStacks.get(await stack('membranes'), signal);
const slices = parseSliceRange(options.slices, labels.info.depth);
const rows: BenchRow[] = [];
const sizes = options.quick ? '3.4,4.6,8' : options.sizes;
for (const nm of sizes.split(',').map(Number)) {
  const scored: Record<'native' | 'resampled', ScoredSlice[]> = { native: [], resampled: [] };
  for (const z of slices) {
    const image = await readSliceOf(await stack('raw'), z, signal);
    const { target } = await readLabelSlice(labels, z, { membrane: 255, void: null }, signal);
    const size = sized(image, sourceNm / nm);
    const picture = resampled(image, size);
    const truth = Uint8Array.from(
      resampled({ ...image, values: Float32Array.from(target) }, size).values,
      (share) => (share >= 0.5 ? 1 : 0),
    );
    scored.native.push({ ...size, truth, probability: await probability(picture, size) });
    const seen = sized(size, nm / modelNm);
    scored.resampled.push({ ...size, truth, probability: await probability(picture, seen) });
  }
  const scores = (maps: readonly ScoredSlice[]) => ({
    vInfo: evaluateStack(maps, file.thresholds.topology).vInfo.score,
    bestVInfo: chooseThresholds(maps).vInfo,
    dice: evaluateStack(maps, file.thresholds.pixel).dice,
  });
  const native = scores(scored.native);
  const ours = scores(scored.resampled);
  for (const unit of ['vInfo', 'bestVInfo', 'dice'] as const) {
    rows.push({
      line: 'pixel-size',
      case: `${nm} nm, ${unit}`,
      unit,
      ours: ours[unit],
      peer: native[unit],
      peerName: 'as it is',
      ratio: ours[unit] / native[unit],
      threads,
      samples: slices.length,
    });
  }
  process.stderr.write(`${nm} nm: ${JSON.stringify({ native, resampled: ours })}\n`);
}
printRows(rows);
predictor.dispose();
