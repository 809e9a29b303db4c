import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { peerPython } from '../race/peer-python';
import { median, type BenchRow } from '../race/report';

const Walk = z.object({
  version: z.string(),
  cold: z.array(z.number()).min(1),
  warm: z.array(z.number()).min(1),
});

const script = join(import.meta.dirname, '..', '..', 'bench', 'peers', 'napari_scroll.py');
/** Longest that napari may take to start and to go through the slices twice. */
const WALK_MS = 300_000;

/** napari over the first `count` slices of a stack, under the display of this run: alone, and with a mask. */
function walk(stack: string, count: number, mask: boolean): z.infer<typeof Walk> {
  const { python } = peerPython('napari');
  const printed = execFileSync(python, [script, stack, '0', String(count), mask ? '1' : '0'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: WALK_MS,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', NAPARI_ASYNC: '0' },
  });
  return Walk.parse(JSON.parse(printed.trim().split('\n').at(-1) ?? ''));
}

/** Rows of `ours` beside napari on the same stack: slices that nobody has seen, as many as it shows a second, and the median of a switch. */
export function napariRows(stack: string, count: number, ours: readonly BenchRow[]): BenchRow[] {
  const of = (name: string): number => {
    const value = ours.find((one) => one.case.startsWith(name))?.ours ?? null;
    if (value === null) throw new Error(`There is no row ${name}.`);
    return value;
  };
  const unseen = of('complete slices a second, idle, unseen slices');
  const [cold, warm] = [of('slice switch, cold'), of('slice switch, warm')];
  return [false, true].flatMap((mask) => {
    const theirs = walk(stack, count, mask);
    const row = {
      line: 'scroll',
      peerName: `napari ${theirs.version}${mask ? ' with a mask' : ' without a mask'}`,
      threads: 1,
      samples: theirs.cold.length,
    };
    const name = row.peerName;
    const rate = (1000 * theirs.cold.length) / theirs.cold.reduce((sum, time) => sum + time, 0);
    const [theirCold, theirWarm] = [median(theirs.cold), median(theirs.warm)];
    return [
      {
        ...row,
        case: `complete slices a second, unseen slices, beside ${name}`,
        unit: 'slices/s',
        ...{ ours: unseen, peer: rate, ratio: unseen / rate },
      },
      {
        ...row,
        case: `slice switch, cold, beside ${name}`,
        unit: 'ms',
        ...{ ours: cold, peer: theirCold, ratio: theirCold / cold },
      },
      {
        ...row,
        case: `slice switch, warm, beside ${name}`,
        unit: 'ms',
        ...{ ours: warm, peer: theirWarm, ratio: theirWarm / warm },
      },
    ];
  });
}
