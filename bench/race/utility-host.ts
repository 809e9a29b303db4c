import { createInterface } from 'node:readline';
import { app, utilityProcess } from 'electron';

/**
 * The main process of an Electron that does nothing but run one side of a race
 * in a utility process, as the app runs its engines. The words after `--` are
 * the side's file and its arguments; lines pass through in both directions.
 */
const words = process.argv.slice(process.argv.indexOf('--') + 1);
const [file, ...sideArguments] = words;
if (file === undefined) throw new Error('no file to run');

function host(side: string): void {
  const child = utilityProcess.fork(side, sideArguments, {
    serviceName: 'Membrana bench',
    env: process.env,
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout?.on('data', (text: Buffer) => process.stderr.write(text));
  child.stderr?.on('data', (text: Buffer) => process.stderr.write(text));
  child.on('message', (line: unknown) => process.stdout.write(`${String(line)}\n`));
  child.once('exit', (code) => {
    app.exit(code === 0 ? 1 : code);
  });
  child.once('spawn', () => {
    const lines = createInterface({ input: process.stdin });
    lines.on('line', (line) => {
      child.postMessage(line);
    });
    // The owner has gone.
    lines.once('close', () => {
      child.kill();
      app.exit(0);
    });
  });
}

// Not awaited here: Electron is not ready before this module has run.
void app.whenReady().then(() => {
  host(file);
});
