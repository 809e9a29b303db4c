import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleOptions } from './build/entries.mjs';
import { root } from './setup/paths.mjs';
import { which } from './setup/process.mjs';

/*
 * npm run test:interop: labels that Membrana wrote, read by zarr, tifffile and
 * napari's reader, and stacks that h5py, mrcfile and pynrrd write, read here; in a
 * Python environment of its own in .runtime/interop.
 */
const folder = join(root, '.runtime', 'interop');
const requirements = join(root, 'scripts', 'interop', 'requirements.txt');
const windows = process.platform === 'win32';
const python = join(folder, ...(windows ? ['Scripts', 'python.exe'] : ['bin', 'python']));
const say = (text) => process.stdout.write(`${text}\n`);

/** @param {string} program @param {readonly string[]} args @param {'inherit' | 'pipe'} [output] @param {string} [cwd] */
function run(program, args, output = 'inherit', cwd = root) {
  const { status, stdout } = spawnSync(program, args, {
    stdio: ['ignore', output, 'inherit'],
    encoding: 'utf8',
    cwd,
  });
  return { code: status ?? 1, stdout: stdout ?? '' };
}

/** The environment with the packages of requirements.txt, made again when they change. */
function environment() {
  const record = join(folder, 'installed.txt');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(record) && readFileSync(record, 'utf8') === wanted) return true;
  const system = ['python3', 'python'].find((name) => which(name) !== undefined);
  if (system === undefined) {
    say('Python 3 is missing.\nNext: install it, with pip, then run this again.');
    return false;
  }
  say('Installing zarr, tifffile, napari’s reader, h5py, mrcfile and pynrrd in .runtime/interop …');
  rmSync(folder, { recursive: true, force: true });
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r'];
  if (run(system, ['-m', 'venv', folder]).code !== 0) return false;
  if (run(python, [...install, requirements]).code !== 0) {
    say('The packages could not be installed.\nNext: check the connection, then run this again.');
    return false;
  }
  writeFileSync(record, wanted);
  return true;
}

/** A painted project and its exports; returns the folder. */
async function paintedProject() {
  const program = 'dist/interop/interop-project.mjs';
  const { build: rolldown } = await import('rolldown');
  const source = 'main/export/testing/interop-project.ts';
  await rolldown(bundleOptions({ source, output: program, format: 'esm' }));
  const made = join(root, 'dist', 'interop', 'written');
  rmSync(made, { recursive: true, force: true });
  return run(process.execPath, [join(root, program), made]).code === 0 ? made : null;
}

/**
 * Has another program write its stacks anew and opens each: slice by slice the
 * same digests. Returns how many opened right, and the names of the others.
 * @param {string} format
 */
function readBack(format) {
  const made = join(root, 'dist', 'interop', 'stacks', format);
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  const writer = join(root, 'main', 'stacks', format, 'fixtures', 'make_fixtures.py');
  if (run(python, ['-W', 'ignore', writer], 'inherit', made).code !== 0)
    return { right: 0, wrong: [`${format}: nothing was written`] };
  const expected = JSON.parse(readFileSync(join(made, 'expected.json'), 'utf8'));
  const cli = join(root, 'dist', 'main', 'cli.js');
  const wrong = Object.keys(expected).filter((name) => {
    const words = [cli, 'info', join(made, name), '--digest', '--json', '--quiet'];
    const { code, stdout } = run(process.execPath, words, 'pipe');
    const found = code === 0 ? JSON.parse(stdout).pages.map(({ sha256 }) => sha256) : [];
    const wanted = expected[name].slices ?? expected[name];
    return JSON.stringify(found) !== JSON.stringify(wanted);
  });
  return { right: Object.keys(expected).length - wrong.length, wrong };
}

/** Stacks of all programs; false where one opens wrong or not at all. */
function stacksOpen() {
  if (!existsSync(join(root, 'dist', 'main', 'cli.js'))) {
    say('The app is not built.\nNext: npm run build.');
    return false;
  }
  const all = ['hdf5', 'mrc', 'nrrd'].map((format) => readBack(format));
  const wrong = all.flatMap((one) => one.wrong);
  const right = all.reduce((sum, one) => sum + one.right, 0);
  say(`${right} stacks that h5py, mrcfile and pynrrd wrote open right.`);
  if (wrong.length > 0) say(`${wrong.length} do not: ${wrong.join(', ')}.`);
  return wrong.length === 0;
}

const written = environment() ? await paintedProject() : null;
if (written === null) process.exitCode = 1;
else {
  const read = join(root, 'scripts', 'interop', 'read_labels.py');
  const { code, stdout } = run(python, [read, written], 'pipe');
  process.stdout.write(stdout);
  say(
    code === 0 ? 'Other programs read what Membrana wrote.' : 'Other programs read something else.',
  );
  process.exitCode = stacksOpen() && code === 0 ? 0 : 1;
}
