import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

/** A checkout of its own: set-up writes what it finds beside its scripts. */
let checkout = '';
let tools = '';

beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'membrana-setup-'));
  tools = join(checkout, 'bin');
  await mkdir(tools);
  await cp(import.meta.dirname, join(checkout, 'scripts', 'setup'), { recursive: true });
});

afterEach(() => rm(checkout, { recursive: true, force: true }));

async function addTool(name: string, script: string) {
  await writeFile(join(tools, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(tools, name), 0o755);
}

/** Runs the step on a machine that has the programs of `tools` and no others. */
function setUp(wish: 'keep' | 'try' | 'add') {
  const folder = join(checkout, 'scripts', 'setup');
  const script = `
    const { step, SetupError } = await import(${JSON.stringify(join(folder, 'console.mjs'))});
    const { installTensorflow } = await import(${JSON.stringify(join(folder, 'tensorflow.mjs'))});
    try {
      await step('TensorFlow', {}, (note) => installTensorflow(note, ${JSON.stringify(wish)}));
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      process.exitCode = 1;
    }`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { cwd: checkout, encoding: 'utf8', env: { PATH: tools, NO_COLOR: '1' } },
  );
  return { code: status, said: stderr };
}

const record = () => join(checkout, '.runtime', 'tensorflow.json');

it('leaves TensorFlow out of a plain set-up, in one line that says how to add it', () => {
  const { code, said } = setUp('keep');
  expect(code).toBe(0);
  expect(said).toMatch(/^✓ TensorFlow \(left out; .*npm run setup -- --tensorflow\) [\d.]+ s\n$/);
  expect(existsSync(record())).toBe(false);
});

it('lets the tests go on without the tools, and says which are missing', async () => {
  const { code, said } = setUp('try');
  expect(code).toBe(0);
  expect(said).toContain('Missing: Python 3 and pip and a C++ compiler (g++).');
  expect(said).toContain('apt-get install -y python3 python3-pip g++');
  expect(await readFile(record(), 'utf8')).toContain('Missing: Python 3');
});

it('fails where it was asked for by name, and says what is missing and what to type', async () => {
  await addTool('g++', 'exit 0');
  const { code, said } = setUp('add');
  expect(code).toBe(1);
  expect(said).toContain('Missing: Python 3 and pip.');
  expect(said).toMatch(/Next: .*apt-get install -y python3 python3-pip; then: npm run setup/);
});

it('tells a Python without pip from no Python', async () => {
  await addTool('g++', 'exit 0');
  await addTool('python3', 'exit 1');
  expect(setUp('add').said).toContain('Missing: pip for Python 3.');
});

it('survives a failed download in the tests, and tries again only when asked by name', async () => {
  await addTool('g++', 'exit 0');
  await addTool(
    'python3',
    'case "$*" in *--version*) exit 0;; esac\necho tried >> tries\necho "no network" >&2\nexit 1',
  );
  const tries = async () => (await readFile(join(checkout, 'tries'), 'utf8')).split('tried').length;

  const first = setUp('try');
  expect(first.code).toBe(0);
  expect(first.said).toMatch(/pip could not download tensorflow[\s\S]*no network/);
  const once = await tries();

  const second = setUp('try');
  expect(second.code).toBe(0);
  expect(second.said).toContain('no network');
  expect(setUp('keep').said).toContain('the last attempt failed');
  expect(await tries()).toBe(once);

  const asked = setUp('add');
  expect(asked.code).toBe(1);
  expect(asked.said).toMatch(/no network[\s\S]*Next: check that PyPI can be reached/);
  expect(await tries()).toBe(once + 1);
});
