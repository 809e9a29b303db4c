import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { builtApp } from '../testing/built-app';
import { runCli } from './testing/built-cli';

const root = resolve(import.meta.dirname, '..', '..');
const folder = join(root, 'main', 'stacks', 'tiff', 'fixtures');
const Digests = z.record(z.string(), z.array(z.string()));
const expected = Digests.parse(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')));
const names = readdirSync(folder).filter((name) => name.endsWith('.tif'));

const Answers = z.record(
  z.string(),
  z.object({
    code: z.number(),
    answer: z.object({
      pages: z.array(z.object({ state: z.string(), sha256: z.string().optional() })),
    }),
  }),
);

/** The runtime that the app runs in; recorded by the set-up. */
function electron(): string {
  const record: unknown = JSON.parse(readFileSync(join(root, '.runtime', 'electron.json'), 'utf8'));
  return z.object({ executable: z.string() }).parse(record).executable;
}

let cli = '';
beforeAll(async () => {
  cli = (await builtApp()).cli;
}, 120_000);

/** A decoder that is bundled may fail where the same source, unbundled, does not. */
describe.each([
  ['Node', () => process.execPath],
  ['Electron’s own Node', electron],
])('the built command line under %s', (_, runtime) => {
  it('reads every fixture as the program that wrote it', { timeout: 120_000 }, async () => {
    const driver = join(import.meta.dirname, 'testing', 'info-of-many.mjs');
    const { stdout } = await promisify(execFile)(
      runtime(),
      [driver, cli, ...names.map((name) => join(folder, name))],
      { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, maxBuffer: 2 ** 26 },
    );
    const answers = Answers.parse(JSON.parse(stdout));
    // Decoders of JPEG may round differently; fixtures.test.ts compares its picture.
    const compared = (name: string, read: readonly (string | undefined)[]): unknown[] =>
      read.map((page) => (name.startsWith('jpeg') && page?.length === 64 ? 'a digest' : page));
    for (const name of names) {
      const { code, answer } = answers[join(folder, name)]!;
      const read = answer.pages.map(({ state, sha256 }) => (state === 'ok' ? sha256 : state));
      expect([name, code, compared(name, read)]).toEqual([
        name,
        0,
        compared(name, expected[name] ?? []),
      ]);
    }
  });
});

it.each(['jpeg-grey.tif', 'zstd-f32.tif', 'lzw-noise-u8.tif'])(
  'reads %s as it is started by a person',
  async (name) => {
    const { code, stdout } = await runCli({ file: cli }, folder, ['info', name, '--json']);
    const states = Answers.valueType.shape.answer.parse(JSON.parse(stdout)).pages;
    expect([code, new Set(states.map(({ state }) => state))]).toEqual([0, new Set(['ok'])]);
  },
);
