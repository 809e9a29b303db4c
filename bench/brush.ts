import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { INTERIOR, MEMBRANE } from '#contract/label-byte';
import { openProject } from '#main/project/project-store';
import { allSaved, startApp } from './painting/app-under-test';
import { reportAims } from './painting/brush-aims';
import { paintCase, type BrushCase } from './painting/brush-case';
import { watchFrames } from './painting/frame-watch';
import { memoryRows, paintMany } from './painting/many-strokes';
import { difference } from './painting/painted-check';
import { writeStack } from './painting/stack-file';
import { sampleRows } from './painting/stroke-sample';
import { hasDisplay, underVirtualDisplay } from './painting/virtual-display';
import { printRows, quantile, type BenchRow } from './race/report';

/** The size that the long stroke, the broad brush and the many strokes are for. */
const MAIN = 4096;
const SLICES = 4;
const { values } = parseArgs({
  options: {
    sizes: { type: 'string' },
    seconds: { type: 'string', default: '30' },
    strokes: { type: 'string', default: '10000' },
    quick: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    threads: { type: 'string' },
    base: { type: 'string' },
  },
});
const positive = z.coerce.number().positive();
const options = {
  sizes: z
    .array(z.coerce.number().int().min(512).max(16_384))
    .min(1)
    .parse((values.sizes ?? (values.quick ? '2048' : '1024,2048,4096,8192')).split(',')),
  seconds: positive.parse(values.quick ? '5' : values.seconds),
  strokes: z.coerce
    .number()
    .int()
    .nonnegative()
    .parse(values.quick ? '500' : values.strokes),
};

/** Every size is painted fitted and pixel for pixel; the main one longer, and with a broad brush besides. */
function casesOf(size: number, main: boolean): BrushCase[] {
  const seconds = main ? options.seconds : Math.min(5, options.seconds);
  const usual = { diameter: 60, label: MEMBRANE };
  const cases: BrushCase[] = [
    { ...usual, name: `${size}², fitted`, view: 'view.fit', z: 0, seconds: Math.min(10, seconds) },
    { ...usual, name: `${size}², 1:1`, view: 'view.actualSize', z: 1, seconds },
  ];
  if (!main) return cases;
  const broad = { diameter: 500, label: INTERIOR, seconds: Math.min(8, seconds) };
  const name = `${size}², 1:1, 500-px brush`;
  return [...cases, { ...broad, name, view: 'view.actualSize', z: 2 }];
}

interface Painted {
  readonly rows: readonly BenchRow[];
  /** 95 of 100 drawings took no longer, in ms, by view. */
  readonly fitted: number;
  readonly actual: number;
}

/** Starts the app on a stack of one size and paints its cases; the project is read back and compared with the naive reference. */
async function paintSize(size: number, main: boolean): Promise<Painted> {
  const folder = mkdtempSync(join(tmpdir(), 'membrana-bench-'));
  try {
    process.stderr.write(`${size}² …\n`);
    const stack = join(folder, 'stack.tif');
    await writeStack(stack, size, SLICES);
    const under = await startApp(folder, stack);
    const cases = casesOf(size, main);
    const expected = cases.map(() => new Uint8Array(size * size));
    const rows: BenchRow[] = [];
    const p95: number[] = [];
    try {
      await watchFrames(under.app.page);
      await watchFrames(under.control.page);
      for (const [i, one] of cases.entries()) {
        const pixels = expected[i] ?? new Uint8Array();
        const { ours, control } = await paintCase(under, one, size, pixels);
        rows.push(...sampleRows(one.name, ours, control));
        p95.push(quantile(ours.drawn, 0.95));
      }
      if (main && options.strokes > 0)
        rows.push(...memoryRows(await paintMany(under, cases.length, options.strokes)));
      await allSaved(under);
    } finally {
      await under.electron.close();
    }
    await check(join(folder, 'projects'), cases, expected);
    return { rows, fitted: p95[0] ?? NaN, actual: p95[1] ?? NaN };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is on the disk is what the path says, pixel by pixel; throws where it is not. */
async function check(
  projects: string,
  cases: readonly BrushCase[],
  expected: readonly Uint8Array[],
): Promise<void> {
  const [name = ''] = readdirSync(projects);
  const project = await openProject(join(projects, name), { readOnlyIfLocked: false });
  try {
    for (const [i, one] of cases.entries()) {
      const { painted, missing, extra, other } = difference(
        await project.labels.slice(one.z),
        expected[i] ?? new Uint8Array(),
      );
      process.stderr.write(
        `${one.name}: ${painted} pixels painted, ${missing} missing, ${extra} too many, ${other} with another label\n`,
      );
      if (painted === 0 || missing + extra + other > 0)
        throw new Error('The painted pixels are not the path sent.');
    }
  } finally {
    await project.close();
  }
}

/** How drawing grows from the smallest slice to the largest. */
function growthRows(painted: ReadonlyMap<number, Painted>): BenchRow[] {
  const smallest = Math.min(...painted.keys());
  const largest = Math.max(...painted.keys());
  if (smallest === largest) return [];
  return (['fitted', 'actual'] as const).map((view) => {
    const ours = painted.get(largest)?.[view] ?? NaN;
    const peer = painted.get(smallest)?.[view] ?? NaN;
    return {
      line: 'brush',
      case: `draw p95 of ${largest}² beside ${smallest}², ${view === 'fitted' ? 'fitted' : '1:1'}`,
      unit: 'ms',
      ours,
      peer,
      peerName: `the same on ${smallest}²`,
      ratio: peer / ours,
      threads: 1,
      samples: painted.size,
    };
  });
}

if (!hasDisplay()) process.exitCode = underVirtualDisplay();
else {
  const main = options.sizes.includes(MAIN) ? MAIN : Math.max(...options.sizes);
  const painted = new Map<number, Painted>();
  for (const size of options.sizes) painted.set(size, await paintSize(size, size === main));
  const rows = [...[...painted.values()].flatMap((each) => each.rows), ...growthRows(painted)];
  reportAims(rows);
  printRows(rows);
}
