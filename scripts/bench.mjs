import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup/paths.mjs';

/**
 * Runs benchmarks built from bench/*.ts: `npm run -s bench -- [LINE…] [options]`.
 * One line prints its own output; several, or all of them where none is named,
 * run one after the other and print one array of their rows.
 */
const folder = join(root, 'dist', 'bench');
const known = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => file.endsWith('.js'))
      .map((file) => file.slice(0, -3))
  : [];
const words = process.argv.slice(2).filter((word) => word !== '--json');
const first = words.findIndex((word) => word.startsWith('-'));
const named = first === -1 ? words : words.slice(0, first);
const options = first === -1 ? [] : words.slice(first);
const unknown = named.filter((line) => !known.includes(line));

if (known.length === 0) refuse('Nothing is built yet: run "npm run setup" first.');
if (unknown.length > 0 || options.includes('--help'))
  refuse(
    `Name benchmarks: ${known.join(', ')}; without a name all of them run. Example: npm run -s bench -- training-step --peers`,
  );

if (named.length === 1) {
  const { status } = start(named[0], 'inherit');
  process.exit(status ?? 1);
}
const rows = [];
let worst = 0;
for (const line of named.length === 0 ? known : named) {
  console.error(`${line} …`);
  const { status, stdout } = start(line, 'pipe');
  worst = Math.max(worst, status ?? 1);
  try {
    rows.push(...JSON.parse(stdout));
  } catch {
    console.error(`${line} printed no rows (exit code ${status ?? 'none'}).`);
    worst = Math.max(worst, 1);
  }
}
console.log(JSON.stringify(rows, null, 2));
process.exit(worst);

function start(line, output) {
  return spawnSync(process.execPath, [join(folder, `${line}.js`), ...options], {
    stdio: ['inherit', output, 'inherit'],
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  });
}

function refuse(message) {
  console.error(message);
  process.exit(2);
}
