import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { bundleOptions } from './build/entries.mjs';
import { plantedFault } from './faults/planted-fault.mjs';
import { table, total } from './faults/table.mjs';
import { setup } from './setup.mjs';
import { readJson, root, writeJson } from './setup/paths.mjs';
import { e2e } from './test/suites.mjs';

const help = `npm run test:faults -- [OPTIONS]

Kills, cuts, flips, fills and fails everything that a project is saved through,
and looks for what was lost. Takes some 25 minutes; exits with 1 on any loss.

  --kills N       kills of the main side in plain Node (240)
  --starts N      starts of the real app, three kills each: compute process, window, all (20)
  --only A,B      parts: kill, migration, atomic, power, disk, cuts, flips, moved, copies, rivals,
                  small-disk, race, strange, places, electron
  --size small    the size that npm test runs
  --plant NAME    plants a fault in a copy of the program first: the suite must turn red
  --json          one JSON document on stdout instead of the table`;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '240' },
    starts: { type: 'string', default: '20' },
    only: { type: 'string' },
    size: { type: 'string', default: 'full' },
    plant: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const say = (text) => (values.json ? process.stderr : process.stdout).write(`${text}\n`);
const folder = join(root, 'dist', 'faults');
const parts = values.only?.split(',');

/** The suite and the programs that it kills, as plain Node runs them. */
async function bundle() {
  rmSync(folder, { recursive: true, force: true });
  const { build: rolldown } = await import('rolldown');
  const plants = readJson(join(root, 'main', 'project', 'testing', 'plants.json'));
  const plugins = values.plant === undefined ? [] : [plantedFault(plants, values.plant)];
  for (const name of ['fault-suite', 'painter', 'opener', 'lock-racer', 'rival']) {
    const source = `main/project/testing/${name}.ts`;
    const options = bundleOptions({ source, output: `dist/faults/${name}.mjs`, format: 'esm' });
    await rolldown({ ...options, plugins });
  }
}

/** Runs the parts in plain Node; a row each as it ends. */
async function inNode(rows) {
  const args = [join(folder, 'fault-suite.mjs'), '--size', values.size, '--kills', values.kills];
  if (parts) args.push('--only', parts.join(','));
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const row = JSON.parse(line);
    rows.push(row);
    say(table([row]));
    for (const failure of row.failures.slice(0, 20)) process.stderr.write(`     ${failure}\n`);
  });
  const code = await new Promise((done) => child.on('close', done));
  const red = rows.some(({ failures }) => failures.length > 0);
  if (code !== 0 && !red)
    rows.push({
      section: 'suite',
      counts: {},
      notes: [],
      failures: [`it ended with code ${code}`],
    });
}

/** The real app: kills of all three processes, and a disk that fills up. */
async function inElectron(rows) {
  const report = join(root, 'test-results', 'faults-electron.json');
  rmSync(report, { force: true });
  process.env['MEMBRANA_FAULT_STARTS'] = values.starts;
  const { failed, leftOut } = await e2e(['kill.spec.ts', 'full-disk.spec.ts']);
  const found = readJson(report);
  const times = found?.pointerUpToSaved;
  rows.push({
    section: 'kill -9 of compute process, window and app in Electron',
    counts: {
      ...(found && {
        kills: found.kills.compute + found.kills.window + found.kills.main,
        acknowledged: found.acknowledged,
        lost: found.lost,
        torn: found.torn,
        'ms median': Number(times.median?.toFixed(1)),
        'ms p99': Number(times.p99?.toFixed(1)),
      }),
    },
    notes: [...leftOut, ...(found?.judged === false ? ['time not judged: a busy machine'] : [])],
    failures: failed > 0 ? [`${failed} stories failed`] : [],
  });
  say(table(rows.slice(-1)));
}

if (values.help) {
  process.stdout.write(`${help}\n`);
} else {
  const electron = (parts?.includes('electron') ?? true) && values.starts !== '0' && !values.plant;
  if (electron) await setup({ tensorflow: 'keep' });
  mkdirSync(join(root, 'test-results'), { recursive: true });
  await bundle();
  const rows = [];
  if (!parts || parts.some((part) => part !== 'electron')) await inNode(rows);
  if (electron) await inElectron(rows);
  const result = { ...total(rows), parts: rows };
  writeJson(join(root, 'test-results', 'faults.json'), result);
  const failures = rows.flatMap(({ section, failures: each }) =>
    each.map((one) => `${section}: ${one}`),
  );
  if (values.json) process.stdout.write(readFileSync(join(root, 'test-results', 'faults.json')));
  else say(`\n${table([{ section: 'total', notes: [], failures, counts: total(rows) }])}`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}
