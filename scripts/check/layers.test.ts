import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
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
  'main/compute/handlers/training/train.ts':
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

const Rooms = z.array(
  z.object({
    room: z.string(),
    what: z.string(),
    may: z.array(z.string()),
    except: z.string().optional(),
  }),
);
const rooms = Rooms.parse(createRequire(import.meta.url)('./rooms.json'));

/** A file in every room, and one that imports from the first room that it may not. */
const inRooms: Readonly<Record<string, string>> = Object.fromEntries(
  rooms.map(({ room }) => [`${room}/honest-door.ts`, 'export const door = 1;\n']),
);
const throughDoors: Readonly<Record<string, readonly [file: string, source: string]>> =
  Object.fromEntries(
    rooms.map(({ room, may }) => {
      const shut = rooms.find((other) => other.room !== room && !may.includes(other.room));
      const file = `${room}/shut-door.ts`;
      const up = '../'.repeat(room.split('/').length);
      return [`room:${room}`, [file, `import '${up}${shut?.room ?? ''}/honest-door';\n`]];
    }),
  );

const Config = z.object({ forbidden: z.array(z.object({ name: z.string() })) });

const violations = { ...planted, ...throughDoors };

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
  for (const file of [
    'package.json',
    'tsconfig.base.json',
    '.dependency-cruiser.cjs',
    'scripts/check/rooms.json',
  ]) {
    await cp(join(root, file), join(house, file));
  }
  await symlink(join(root, 'node_modules'), join(house, 'node_modules'));
  for (const [file, source] of Object.entries({ ...inRooms, ...honest })) await write(file, source);
  await mkdir(join(house, 'e2e'));
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
    for (const [file, source] of Object.values(violations)) await write(file, source);
    await write('model/ring.ts', "import './ring-back';\n");
    const { code, output } = await cruise();
    for (const [rule, [file]] of Object.entries(violations)) {
      expect(output).toContain(`error ${rule}: ${file} →`);
    }
    expect(code).toBe(1);
  });

  it('leave no rule of the configuration without its planted violation', () => {
    const config = Config.parse(createRequire(import.meta.url)('../../.dependency-cruiser.cjs'));
    const names = config.forbidden.map(({ name }) => name);
    expect(names.toSorted()).toEqual(Object.keys(violations).toSorted());
  });

  it('stand in the documentation as they are', async () => {
    const text = await readFile(join(root, 'docs/architecture.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `([^`|]+)` +\| (.+?) +\| (.+?) +\|$/gm)].map(
      ([, room, what, may]) => ({ room, what, may }),
    );
    const wanted = rooms.map(({ room, what, may }) => ({
      room,
      what,
      may: may.length === 0 ? 'nothing of ours' : may.join(', '),
    }));
    expect(rows.slice(0, wanted.length)).toEqual(wanted);
  });

  it('let no arrow run back up between rooms: each row names only rooms above it', () => {
    rooms.forEach(({ may }, row) => {
      for (const one of may) expect(rooms.findIndex(({ room }) => room === one)).toBeLessThan(row);
    });
  });
});
