import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '..', '..');
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

/** A house with one honest file a room, and one planted violation for each rule. */
const honest: Readonly<Record<string, string>> = {
  'main/contract/ids.ts': 'export const id = 1;\n',
  'main/jobs/queue.ts': "import { id } from '#contract/ids';\nexport const queue = [id];\n",
  'main/session/truth-stack.ts': 'export const truth = 1;\n',
  'main/compute/handlers/train.ts':
    "import { net } from '#model/net';\nexport const train = net;\n",
  'model/net.ts': 'export const net = 1;\n',
  'volume/chunk.ts': "import { id } from '#contract/ids';\nexport const chunk = id;\n",
  'renderer/labels/tile.ts': "import { id } from '#contract/ids';\nexport const tile = id;\n",
  'renderer/state.ts': "import { tile } from '#labels/tile';\nexport const state = tile;\n",
  'electron/window.ts': "import { queue } from '#main/jobs/queue';\nexport const window = queue;\n",
};

const planted: Readonly<Record<string, readonly [file: string, source: string]>> = {
  'contract-imports-nothing': ['main/contract/bad.ts', "import '#main/jobs/queue';\n"],
  'model-imports-itself': ['model/bad.ts', "import '#contract/ids';\n"],
  'volume-imports-contract': ['volume/bad.ts', "import '#main/jobs/queue';\n"],
  'volume-knows-no-node': ['volume/disk.ts', "import 'node:fs';\n"],
  'main-imports-contract': ['main/jobs/bad.ts', "import '#model/net';\n"],
  'handlers-import-model': ['main/compute/handlers/bad.ts', "import '../../../electron/window';\n"],
  'labels-import-contract': ['renderer/labels/bad.ts', "import '../state';\n"],
  'renderer-imports-contract-and-labels': ['renderer/bad.ts', "import '#main/jobs/queue';\n"],
  'electron-imports-main': ['electron/bad.ts', "import '#model/net';\n"],
  'scripts-import-nothing': ['scripts/bad.mjs', "import '../model/net';\n"],
  'e2e-imports-types': ['e2e/bad.ts', "import { id } from '#contract/ids';\nconsole.log(id);\n"],
  'nobody-imports-tools': ['main/jobs/tool.ts', "import '../../bench/line';\n"],
  'truth-is-only-measured': [
    'main/jobs/cheat.ts',
    "import { truth } from '#main/session/truth-stack';\nexport const cheat = truth;\n",
  ],
  'electron-package-at-the-edge': ['main/jobs/door.ts', "import 'electron';\n"],
  'no-cycles': ['model/ring-back.ts', "import './ring';\n"],
  resolvable: ['model/lost.ts', "import './nowhere';\n"],
};

const Config = z.object({ forbidden: z.array(z.object({ name: z.string() })) });

let house = '';

function cruise(): Promise<{ readonly code: number; readonly output: string }> {
  const folders = ['main', 'model', 'volume', 'renderer', 'electron', 'e2e', 'bench', 'scripts'];
  const args = [cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'err', ...folders];
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: house }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : 1, output: stdout + stderr });
    });
  });
}

async function write(file: string, source: string): Promise<void> {
  await mkdir(dirname(join(house, file)), { recursive: true });
  await writeFile(join(house, file), source);
}

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'membrana-layers-'));
  for (const file of ['package.json', 'tsconfig.base.json', '.dependency-cruiser.cjs']) {
    await cp(join(root, file), join(house, file));
  }
  await symlink(join(root, 'node_modules'), join(house, 'node_modules'));
  for (const [file, source] of Object.entries(honest)) await write(file, source);
  for (const folder of ['e2e', 'scripts']) await mkdir(join(house, folder));
  await write('bench/line.ts', 'export const line = 1;\n');
});

afterAll(() => rm(house, { recursive: true, force: true }));

describe('the layer rules', () => {
  it('accept imports that keep to the layers', async () => {
    const { code, output } = await cruise();
    expect(output).toContain('no dependency violations found');
    expect(code).toBe(0);
  });

  it('turn red for a violation of each rule', async () => {
    for (const [file, source] of Object.values(planted)) await write(file, source);
    await write('model/ring.ts', "import './ring-back';\n");
    const { code, output } = await cruise();
    for (const [rule, [file]] of Object.entries(planted)) {
      expect(output).toContain(`error ${rule}: ${file} →`);
    }
    expect(code).toBe(1);
  });

  it('leave no rule of the configuration without its planted violation', () => {
    const config = Config.parse(createRequire(import.meta.url)('../../.dependency-cruiser.cjs'));
    const names = config.forbidden.map(({ name }) => name);
    expect(names.toSorted()).toEqual(Object.keys(planted).toSorted());
  });
});
