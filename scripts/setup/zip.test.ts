import { mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unzip } from './zip.mjs';

/**
 * Written by Python's own zip library, kept as it came so that no Python is needed here:
 * stored, deflated and empty members, one executable, one that climbs out.
 *
 *     with zipfile.ZipFile(path, 'w') as archive:
 *         archive.writestr('plain.txt', 'stored', zipfile.ZIP_STORED)
 *         archive.writestr('folder/deep.txt', 'deflated ' * 20000, zipfile.ZIP_DEFLATED)
 *         archive.writestr('empty', '')
 *         tool = zipfile.ZipInfo('tool'); tool.external_attr = 0o100755 << 16
 *         archive.writestr(tool, '#!/bin/sh')
 *         archive.writestr('../outside', 'no')
 */
const written = `
UEsDBBQAAAAAAGGmeV0L+UNWBgAAAAYAAAAJAAAAcGxhaW4udHh0c3RvcmVkUEsDBBQAAAAIAGGmeV09LI2AegEAACC/
AgAPAAAAZm9sZGVyL2RlZXAudHh07caxCQAwDAOwV/pawOmUsf+TOwrSpPSdep0TERERERERERERERERERERERERERER
ERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERER
ERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERER
ERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERER
ERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERER
ERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERER+SELUEsDBBQAAAAAAGGmeV0A
AAAAAAAAAAAAAAAFAAAAZW1wdHlQSwMEFAAAAAAAAAAhAKp40S8JAAAACQAAAAQAAAB0b29sIyEvYmluL3NoUEsDBBQA
AAAAAGGmeV0fKKpnAgAAAAIAAAAKAAAALi4vb3V0c2lkZW5vUEsBAhQDFAAAAAAAYaZ5XQv5Q1YGAAAABgAAAAkAAAAA
AAAAAAAAAIABAAAAAHBsYWluLnR4dFBLAQIUAxQAAAAIAGGmeV09LI2AegEAACC/AgAPAAAAAAAAAAAAAACAAS0AAABm
b2xkZXIvZGVlcC50eHRQSwECFAMUAAAAAABhpnldAAAAAAAAAAAAAAAABQAAAAAAAAAAAAAAgAHUAQAAZW1wdHlQSwEC
FAMUAAAAAAAAACEAqnjRLwkAAAAJAAAABAAAAAAAAAAAAAAA7YH3AQAAdG9vbFBLAQIUAxQAAAAAAGGmeV0fKKpnAgAA
AAIAAAAKAAAAAAAAAAAAAACAASICAAAuLi9vdXRzaWRlUEsFBgAAAAAFAAUAEQEAAEwCAAAAAA==
`;

let folder = '';
let archive = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'membrana-zip-'));
  archive = join(folder, 'some.zip');
  await writeFile(archive, Buffer.from(written, 'base64'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

it('unpacks what is asked for, with its bytes and its executable bit', async () => {
  const out = join(folder, 'out');
  const count = await unzip(archive, out, (name) =>
    name.startsWith('..') ? undefined : `in/${name}`,
  );
  expect(count).toBe(4);
  expect(await readFile(join(out, 'in/plain.txt'), 'utf8')).toBe('stored');
  expect(await readFile(join(out, 'in/folder/deep.txt'), 'utf8')).toBe('deflated '.repeat(20_000));
  expect((await stat(join(out, 'in/empty'))).size).toBe(0);
  expect((await stat(join(out, 'in/tool'))).mode & 0o777).toBe(0o755);
});

it('refuses a member that would land outside the folder', async () => {
  await expect(unzip(archive, join(folder, 'out'), (name) => name)).rejects.toThrow(
    /not a complete zip/,
  );
  expect(await readdir(folder)).not.toContain('outside');
});

it('says that an archive is cut off', async () => {
  await truncate(archive, 300);
  await expect(unzip(archive, join(folder, 'out'), (name) => name)).rejects.toThrow(
    /not a complete zip/,
  );
});

it('says that a file is no archive', async () => {
  await writeFile(archive, 'not a zip at all, but some other text');
  await expect(unzip(archive, join(folder, 'out'), (name) => name)).rejects.toThrow(
    /not a complete zip/,
  );
});
