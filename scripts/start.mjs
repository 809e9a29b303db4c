import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setup } from './setup.mjs';
import { SetupError } from './setup/console.mjs';
import { electronRecord, readJson, root } from './setup/paths.mjs';
import { hasDisplay, sandboxArguments } from './setup/screen.mjs';

const say = (text) => process.stderr.write(`${text}\n`);

/** Options go on as they are, files as full paths: npm runs this in another folder than the person's. */
const given = process.argv.slice(2).map((argument) => {
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), argument);
  return !argument.startsWith('-') && existsSync(path) ? path : argument;
});

function command() {
  if (!hasDisplay()) {
    say('There is no display: running the same job on the sample without a window.');
    say('To see the window, start from a desktop session or with: xvfb-run -a npm start');
    return [process.execPath, [join(root, 'dist', 'main', 'cli.js'), 'demo']];
  }
  const flags = sandboxArguments();
  if (flags.length > 0) say('Running as root: Electron starts with --no-sandbox.');
  return [readJson(electronRecord).executable, [...flags, root, ...given]];
}

try {
  await setup();
  const [program, args] = command();
  const child = spawn(program, args, {
    cwd: process.env.INIT_CWD ?? process.cwd(),
    stdio: 'inherit',
  });
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    say(`${program} could not be started: ${error.message}\nNext: npm run setup`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 1;
    if (signal !== null) say(`Ended by ${signal}.`);
  });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.exitCode = 1;
}
