import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { watch } from 'rolldown';
import { build as vite } from 'vite';
import { bundleOptions, nodeEntries } from './build/entries.mjs';
import { setup } from './setup.mjs';
import { electronRecord, readJson, root } from './setup/paths.mjs';
import { sandboxArguments } from './setup/screen.mjs';

/** Builds on every change and starts the app again. */
await setup();

let app;
let pending;

function restart(what) {
  clearTimeout(pending);
  pending = setTimeout(() => {
    if (app !== undefined) process.stderr.write(`${what} rebuilt, starting again\n`);
    app?.removeAllListeners('exit');
    app?.kill('SIGTERM');
    app = spawn(readJson(electronRecord).executable, [...sandboxArguments(), root], {
      cwd: root,
      stdio: 'inherit',
    });
    app.on('exit', (code) => process.exit(code ?? 0));
  }, 300);
}

const windowWatcher = /** @type {import('rolldown').RolldownWatcher} */ (
  await vite({
    configFile: join(root, 'renderer', 'vite.config.ts'),
    logLevel: 'warn',
    build: { watch: {} },
  })
);
windowWatcher.on('event', (event) => {
  if (event.code === 'END') restart('window');
  if (event.code === 'ERROR') process.stderr.write(`${event.error.message}\n`);
});

const nodeWatcher = watch(
  nodeEntries()
    .filter(({ output }) => output.startsWith('dist/main/'))
    .map(bundleOptions),
);
nodeWatcher.on('event', (event) => {
  if (event.code === 'END') restart('main');
  if (event.code === 'ERROR') process.stderr.write(`${event.error.message}\n`);
});

process.on('SIGINT', () => {
  app?.kill('SIGTERM');
  process.exit(0);
});
