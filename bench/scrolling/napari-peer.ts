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

/** napari over the first `count` slices of a stack, under the display of this run; null where it does not start. */
function walk(stack: string, count: number, mask: boolean): z.infer<typeof Walk> | null {
  const { python } = peerPython('napari');
  try {
    const printed = execFileSync(python, [script, stack, '0', String(count), mask ? '1' : '0'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: WALK_MS,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', NAPARI_ASYNC: '0', QT_API: 'pyqt5' },
    });
    return Walk.parse(JSON.parse(printed.trim().split('\n').at(-1) ?? ''));
  } catch (error) {
    const said = error instanceof Error ? error.message.split('\n').slice(-4).join('\n') : '';
    process.stderr.write(
      `napari did not go through the stack and is left out (its Qt needs libxcb-icccm4, libxcb-keysyms1 and libxcb-xinerama0 on Debian):\n${said}\n`,
    );
    return null;
  }
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
    if (theirs === null) return [];
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
