import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, root } from '../setup/paths.mjs';
import { which } from '../setup/process.mjs';
import { hasDisplay } from '../setup/screen.mjs';
import { emptyTally, tallyOfPlaywright, tallyOfVitest } from './tally.mjs';

/** Runs a program with its output shown; resolves to its exit code. */
function show(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', (error) => {
      process.stdout.write(`${program}: ${error.message}\n`);
      resolve(127);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/**
 * Unit tests of every folder.
 * @param {string[]} names paths to run; none = all
 */
export async function unit(names) {
  const report = join(root, 'test-results', 'unit.json');
  rmSync(report, { force: true });
  const code = await show(process.execPath, [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...names],
  ]);
  return tallyOfVitest(readJson(report), code);
}

const screen = ['xvfb-run', '-a', '-s', '-screen 0 1920x1200x24'];
/**
 * A screen for each of the two workers (`e2e/own-screen.ts`): on one, a window
 * that opens takes the focus from the other's, and a stroke under way ends there.
 */
const twoScreens = [
  ...screen,
  'sh',
  '-c',
  'MEMBRANA_OTHER_DISPLAY="$DISPLAY" MEMBRANA_OTHER_XAUTHORITY="$XAUTHORITY" exec "$@"',
  'sh',
  ...screen,
];

/**
 * Stories in real Electron; under a virtual display where there is no other.
 * @param {string[]} names files to run; none = all
 */
export async function e2e(names) {
  const report = join(root, 'test-results', 'e2e.json');
  rmSync(report, { force: true });
  const command = [
    process.execPath,
    join(root, 'node_modules', '@playwright', 'test', 'cli.js'),
    ...['test', '--config', 'e2e/playwright.config.ts', ...names],
  ];
  if (!hasDisplay()) {
    if (which('xvfb-run') === undefined) {
      process.stdout.write('xvfb-run is missing and there is no display.\n');
      process.stdout.write('Next: install xvfb and xauth (npm run setup says how).\n');
      return { ...emptyTally(), failed: 1 };
    }
    command.unshift(...twoScreens);
  }
  const [program, ...args] = command;
  const code = await show(program, args);
  return tallyOfPlaywright(readJson(report), code);
}
