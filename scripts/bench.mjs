import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup/paths.mjs';

/** Runs benchmarks built from bench/*.ts: `npm run -s bench -- LINE [options]`. */
const folder = join(root, 'dist', 'bench');
const lines = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => file.endsWith('.js'))
      .map((file) => file.slice(0, -3))
  : [];
const [line, ...options] = process.argv.slice(2);
if (line === undefined || !lines.includes(line)) {
  console.error(
    lines.length === 0
      ? 'Nothing is built yet: run "npm run setup" first.'
      : `Name a benchmark: ${lines.join(', ')}. Example: npm run -s bench -- training-step --peers`,
  );
  process.exit(2);
}
const { status } = spawnSync(process.execPath, [join(folder, `${line}.js`), ...options], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
