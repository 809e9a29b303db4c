import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { computeEnvironment } from '#main/compute/environment';
import { ModelError } from '#model/errors';
import { unet } from '#model/network/unet';
import { defaultNetwork } from '#model/training/defaults';
import type { Network } from '#model/network/network';
import { hasDisplay, underVirtualDisplay } from '../painting/virtual-display';
import { electronExecutable, electronSide } from './electron-side';
import { peerPython } from './peer-python';
import {
  raceOptions,
  sideWords,
  type Place,
  type Precision,
  type RaceEngine,
  type RaceOptions,
  type SideOptions,
} from './race-options';
import { rowsOfRace, type Lane } from './race-rows';
import { median, printRows, type BenchRow } from './report';
import { answerSamples, ownSide, programSide, race, SideRefused, type Side } from './side';

const layouts = ['contiguous', 'channels_last'] as const;

export function benchNetwork(base: number): Network {
  return unet({ ...defaultNetwork, baseFilters: base });
}

interface Contest {
  /** Name of the benchmark, as in its rows. */
  readonly line: string;
  /** What PyTorch does in it. */
  readonly mode: 'train' | 'forward';
  readonly precisions: readonly Precision[];
  /** Prepares what one sample of ours is. Rejects with `engine.unavailable` where that engine can't be had. */
  readonly prepare: (options: SideOptions) => Promise<() => Promise<unknown>>;
}

/** Our engines against the same network in PyTorch, in both of its memory layouts, in turns: the whole of a benchmark's file. */
export async function runRace(contest: Contest): Promise<void> {
  const given = raceOptions(process.argv.slice(2));
  if (given.role === 'side') {
    await answerSamples(() => contest.prepare(given.options), unavailable, given.options.clock);
    return;
  }
  const { options } = given;
  if (placesOf(options).includes('electron') && !hasDisplay()) {
    process.exitCode = underVirtualDisplay();
    return;
  }
  const rows: BenchRow[] = [];
  for (const base of options.bases)
    for (const threads of options.threads)
      rows.push(...(await raceOnce(contest, options, base, threads)));
  printRows(rows);
}

function unavailable(error: unknown): string | null {
  return error instanceof ModelError && error.code === 'engine.unavailable' ? error.message : null;
}

function placesOf({ place }: RaceOptions): readonly Place[] {
  if (place === 'electron' && electronExecutable() === null)
    throw new Error('Electron is not set up here: run "npm run setup".');
  if (place !== null) return [place];
  return electronExecutable() === null ? ['node'] : ['node', 'electron'];
}

const enginesOf = ({ engine }: RaceOptions): readonly RaceEngine[] =>
  engine === null ? ['onnx', 'tensorflow'] : [engine];

/** One network and number of threads; all sides in turns in one run. */
async function raceOnce(
  { line, mode, precisions }: Contest,
  options: RaceOptions,
  base: number,
  threads: number,
): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'membrana-bench-'));
  const lanes: { readonly lane: Lane; readonly side: Side }[] = [];
  try {
    for (const engine of enginesOf(options)) {
      for (const place of placesOf(options)) {
        for (const precision of precisions) {
          if (precision !== (options.precision ?? precision)) continue;
          const wanted = { engine, base, threads, precision, clock: options.clock };
          const side = await startSide(place, wanted, options.engine !== null);
          if (side !== null) lanes.push({ lane: { kind: 'ours', engine, place, precision }, side });
        }
      }
    }
    if (options.peers) {
      const description = join(folder, 'network.json');
      writeFileSync(description, JSON.stringify(benchNetwork(base)));
      const { python, version } = peerPython();
      const script = join(import.meta.dirname, '..', '..', 'bench', 'peers', 'torch_peer.py');
      for (const layout of layouts) {
        const name = `PyTorch ${version}, ${layout}`;
        const words = [script, description, mode, layout, String(threads), options.clock];
        const side = await programSide(name, python, words, threads);
        lanes.push({ lane: { kind: 'peer', layout, name }, side });
      }
    }
    const sides = lanes.map(({ side }) => side);
    const times = (await race(sides, options.rounds)).map(median);
    const timed = lanes.map(({ lane }, i) => ({ lane, milliseconds: times[i] ?? NaN }));
    const { rounds: samples, clock } = options;
    return rowsOfRace({ line, base, threads, samples, clock }, timed);
  } finally {
    for (const { side } of lanes) side.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** null = that engine can't be had here and nobody asked for it by name. */
async function startSide(place: Place, options: SideOptions, asked: boolean): Promise<Side | null> {
  const name = `${options.engine} in ${place}`;
  const words = sideWords(options);
  const environment = computeEnvironment({ threads: options.threads, device: 'cpu' });
  const executable = electronExecutable();
  try {
    return place === 'electron' && executable !== null
      ? await electronSide(name, executable, words, environment)
      : await ownSide(name, words, environment);
  } catch (error) {
    if (asked || !(error instanceof SideRefused)) throw error;
    process.stderr.write(`left out: ${error.message}\n`);
    return null;
  }
}
