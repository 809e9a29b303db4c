import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { showOnly, startApp, type AppUnderTest } from './painting/app-under-test';
import { writeStack } from './painting/stack-file';
import { hasDisplay, underVirtualDisplay } from './painting/virtual-display';
import { timePlane } from './planes/plane-switch';
import { median, printRows, type BenchRow } from './race/report';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '2048' },
    depth: { type: 'string', default: '500' },
    samples: { type: 'string', default: '7' },
    quick: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
  },
});
const size = Number(values.size);
const depth = values.quick ? 60 : Number(values.depth);
const samples = values.quick ? 2 : Number(values.samples);

/** What XZ has to keep to, in ms. */
const aims = { cold: 300, warm: 50 };

/** Far enough that nothing was read ahead, and keys to go there: more than two planes on and another band. */
const far = { xz: 2, yz: 4 } as const;

async function timesOf(
  { app: { page } }: AppUnderTest,
  axis: 'xz' | 'yz',
): Promise<{ cold: number[]; warm: number[] }> {
  await page.keyboard.press('Home');
  const cold: number[] = [];
  const warm: number[] = [];
  const jump = new Array<string>(far[axis]).fill('Shift+PageDown');
  for (let i = 0; i < samples; i += 1) {
    cold.push(await timePlane(page, axis, jump));
    warm.push(await timePlane(page, axis, ['PageDown']));
  }
  return { cold, warm };
}

function row(name: string, times: readonly number[]): BenchRow {
  const none = { peer: null, peerName: null, ratio: null, threads: 1 };
  return {
    ...{ line: 'planes', case: name, unit: 'ms', ours: median(times) },
    ...{ ...none, samples: times.length },
  };
}

function say(when: keyof typeof aims, times: readonly number[]): void {
  const verdict = median(times) <= aims[when] ? 'met   ' : 'MISSED';
  process.stderr.write(
    `${verdict} XZ ${when}: ${median(times).toFixed(0)} ms (aim ${aims[when]}), worst ${Math.max(...times).toFixed(0)}\n`,
  );
}

async function measure(home: string): Promise<BenchRow[]> {
  const stack = join(home, 'stack.tif');
  await writeStack(stack, size, depth);
  const under = await startApp(home, stack);
  try {
    await showOnly(under, under.app);
    const { page } = under.app;
    await page.getByRole('application').focus();
    const first = { xz: await timePlane(page, 'xz', ['z']), yz: 0 };
    const xz = await timesOf(under, 'xz');
    first.yz = await timePlane(page, 'yz', ['z']);
    const yz = await timesOf(under, 'yz');
    say('cold', xz.cold);
    say('warm', xz.warm);
    const of = `${String(size)}² × ${String(depth)}`;
    return [
      row(`XZ of ${of}, the first one`, [first.xz]),
      row(`XZ of ${of}, cold`, xz.cold),
      row(`XZ of ${of}, next plane`, xz.warm),
      row(`YZ of ${of}, the first one`, [first.yz]),
      row(`YZ of ${of}, cold`, yz.cold),
      row(`YZ of ${of}, next plane`, yz.warm),
    ];
  } finally {
    await under.electron.close();
  }
}

if (!hasDisplay()) process.exitCode = underVirtualDisplay();
else {
  const home = mkdtempSync(join(tmpdir(), 'membrana-bench-'));
  try {
    printRows(await measure(home));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
