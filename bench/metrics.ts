import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realSlice } from '#main/compute/handlers/testing/real-map';
import { errorList } from '#model/metrics/error-list';
import { evaluateStack } from '#model/metrics/evaluate';
import type { ScoredSlice } from '#model/metrics/scored-slice';
import { warpSlice } from '#model/metrics/warping';
import { benchOptions } from './race/options';
import { peerPython } from './race/peer-python';
import { median, printRows, type BenchRow } from './race/report';
import { answerSamples, ownSide, programSide, race, type Side } from './race/side';

/** A bundled crop, 512², and the threshold at which its map is right most. */
const page = 6;
const threshold = 0.45;
const root = join(import.meta.dirname, '..', '..');

const slice = await realSlice(page, join(root, 'resources'));
const scores = (): unknown => evaluateStack([slice], threshold);

async function skimageSide(folder: string, scored: ScoredSlice): Promise<Side> {
  const { probability, truth, width, height } = scored;
  const [map, labels] = [join(folder, 'probability.f32'), join(folder, 'truth.u8')];
  writeFileSync(map, probability);
  writeFileSync(labels, truth);
  const { python, version } = peerPython('skimage');
  const script = join(root, 'bench', 'peers', 'skimage_peer.py');
  const args = [script, map, labels, String(width), String(height), String(threshold)];
  return programSide(`scikit-image ${version}`, python, args, 1);
}

/** All scores of one slice at one threshold, from the map and the labels. */
async function raceScores(peers: boolean, rounds: number): Promise<BenchRow> {
  const folder = mkdtempSync(join(tmpdir(), 'membrana-bench-'));
  const sides: Side[] = [];
  try {
    sides.push(await ownSide('ours', ['--side'], {}));
    if (peers) sides.push(await skimageSide(folder, slice));
    const [ours = NaN, peer = null] = (await race(sides, rounds)).map(median);
    return {
      line: 'metrics',
      case: 'scores-512',
      unit: 'ms',
      ours,
      peer,
      peerName: sides[1]?.name ?? null,
      ratio: peer === null ? null : peer / ours,
      threads: 1,
      samples: rounds,
    };
  } finally {
    for (const side of sides) side.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What has no peer, in this process. */
function alone(name: string, rounds: number, work: () => unknown): BenchRow {
  const times: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const start = performance.now();
    work();
    if (round >= 0) times.push(performance.now() - start);
  }
  const nobody = { peer: null, peerName: null, ratio: null };
  const ours = median(times);
  return { line: 'metrics', case: name, unit: 'ms', ours, ...nobody, threads: 1, samples: rounds };
}

const options = benchOptions();
if (options.side) {
  // The engine's compiler needs some rounds; a sweep over a stack has hundreds.
  await answerSamples(
    () => {
      for (let warm = 0; warm < 10; warm += 1) scores();
      return Promise.resolve(() => Promise.resolve(scores()));
    },
    () => null,
  );
} else {
  printRows([
    await raceScores(options.peers, options.rounds),
    alone('warping-512', options.rounds, () => warpSlice(slice, threshold)),
    alone('error-list-512', options.rounds, () => errorList(slice, threshold)),
  ]);
}
