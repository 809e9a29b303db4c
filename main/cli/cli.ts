import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commands } from './commands';
import { runCli } from './run-cli';

// Built to dist/main/cli.js, beside compute.js; resources/ lies two folders up, in a package beside its archive.
const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '..', '..');
const places = {
  computeEntry: join(here, 'compute.js'),
  resources: join(root.endsWith('.asar') ? dirname(root) : root, 'resources'),
};

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A second Ctrl+C does not wait for anything.
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  });
}
process.stdout.on('error', () => {
  process.exit(2);
});

const code = await runCli(commands, process.argv.slice(2), {
  places,
  folder: process.env['INIT_CWD'] ?? process.cwd(),
  signal: controller.signal,
  streams: process,
});
process.exit(code);
