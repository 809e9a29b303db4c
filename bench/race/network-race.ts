import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unet } from '#model/network/unet';
import { defaultNetwork } from '#model/training/defaults';
import type { Network } from '#model/network/network';
import type { BenchOptions } from './options';
import { peerPython } from './peer-python';
import { median, type BenchRow } from './report';
import { ownSide, programSide, race, type Side } from './side';

const layouts = ['contiguous', 'channels_last'] as const;

export function benchNetwork(base: number): Network {
  return unet({ ...defaultNetwork, baseFilters: base });
}

/** Our engine against the same network in PyTorch, in both of its memory layouts, in turns. */
export async function raceNetwork(
  line: string,
  mode: 'train' | 'forward',
  options: BenchOptions,
): Promise<BenchRow[]> {
  const { base, threads, rounds, precision, clock } = options;
  const folder = mkdtempSync(join(tmpdir(), 'membrana-bench-'));
  const sides: Side[] = [];
  try {
    const own = ['--base', String(base), '--threads', String(threads), '--clock', clock];
    sides.push(await ownSide('ours', [...own, '--precision', precision]));
    if (precision === 'int8') sides.push(await ownSide('ours in float', own));
    if (options.peers) {
      const description = join(folder, 'network.json');
      writeFileSync(description, JSON.stringify(benchNetwork(base)));
      const { python, version } = peerPython();
      const script = join(import.meta.dirname, '..', '..', 'bench', 'peers', 'torch_peer.py');
      for (const layout of layouts) {
        const args = [script, description, mode, layout, String(threads), clock];
        sides.push(await programSide(`PyTorch ${version}, ${layout}`, python, args, threads));
      }
    }
    const [mine = NaN, ...peers] = (await race(sides, rounds)).map(median);
    const row = {
      line,
      case: precision === 'float' ? `base-${String(base)}` : `base-${String(base)}, ${precision}`,
      unit: clock === 'wall' ? 'ms' : 'ms of processor time',
      ours: mine,
      threads,
      samples: rounds,
    };
    if (peers.length === 0) return [{ ...row, peer: null, peerName: null, ratio: null }];
    return peers.map((peer, i) => ({
      ...row,
      peer,
      peerName: sides[i + 1]?.name ?? null,
      ratio: peer / mine,
    }));
  } finally {
    for (const side of sides) side.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
