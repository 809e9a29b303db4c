import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GrantId } from '#contract/ids';
import { GrantTable } from './grant-table';
import { offerFiles } from './offered-files';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'membrana-grants-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const fail = (code: string): unknown => expect.objectContaining({ code });

describe('a grant', () => {
  it('leads to the file that the user chose, and tells its name only', async () => {
    const path = join(folder, 'stack.tif');
    await writeFile(path, 'x');
    const table = new GrantTable();
    const grant = await table.grant(path, 'stack');
    expect(JSON.stringify(grant)).not.toContain(folder);
    expect(grant.name).toBe('stack.tif');
    expect(await readFile(await table.path(grant.id, 'stack'), 'utf8')).toBe('x');
    expect((await table.grant(path, 'stack')).id).toBe(grant.id);
  });

  it('may mean one dataset of a file; the file is what is looked at', async () => {
    const path = join(folder, 'stack.h5');
    await writeFile(path, 'x');
    const table = new GrantTable();
    const grant = await table.grant(`${path}::volumes/raw`, 'stack');
    expect(await table.path(grant.id, 'stack')).toBe(`${path}::/volumes/raw`);
    await rm(path);
    await expect(table.path(grant.id, 'stack')).rejects.toEqual(fail('file.not-found'));
  });

  it('is good for its own kind only', async () => {
    const path = join(folder, 'stack.tif');
    await writeFile(path, 'x');
    const table = new GrantTable();
    const { id } = await table.grant(path, 'stack');
    await expect(table.path(id, 'project')).rejects.toEqual(fail('grant.unknown'));
    await expect(table.path(GrantId.parse('g-made-up'), 'stack')).rejects.toEqual(
      fail('grant.unknown'),
    );
  });

  it('ends when another file takes the place', async () => {
    const path = join(folder, 'stack.tif');
    await writeFile(path, 'mine');
    await writeFile(join(folder, 'other'), 'theirs');
    const table = new GrantTable();
    const { id } = await table.grant(path, 'stack');
    await rename(join(folder, 'other'), path);
    await expect(table.path(id, 'stack')).rejects.toEqual(fail('file.changed'));
    await rm(path);
    await expect(table.path(id, 'stack')).rejects.toEqual(fail('file.not-found'));
  });

  it('ends when a link is swapped in', async () => {
    const path = join(folder, 'stack.tif');
    await writeFile(path, 'mine');
    await writeFile(join(folder, 'secret'), 'theirs');
    const table = new GrantTable();
    const { id } = await table.grant(path, 'stack');
    await rm(path);
    await symlink(join(folder, 'secret'), path);
    await expect(table.path(id, 'stack')).rejects.toEqual(fail('file.changed'));
  });

  it('to save needs the folder, not the file', async () => {
    const table = new GrantTable();
    const grant = await table.grantSave(join(folder, 'mask.tif'));
    expect(await table.path(grant.id, 'save')).toMatch(/mask\.tif$/);
    await expect(table.grantSave(join(folder, 'no', 'mask.tif'))).rejects.toEqual(
      fail('file.not-found'),
    );
  });
});

describe('offered files', () => {
  it('are stacks or projects; the others are refused by name', async () => {
    await writeFile(join(folder, 'a.tif'), 'x');
    await mkdir(join(folder, 'Mine.emproj'));
    await mkdir(join(folder, 'photos'));
    const offered = await offerFiles(
      new GrantTable(),
      ['a.tif', 'Mine.emproj', 'photos', 'gone.tif'].map((name) => join(folder, name)),
    );
    expect(offered.grants.map(({ name, kind }) => [name, kind])).toEqual([
      ['a.tif', 'stack'],
      ['Mine.emproj', 'project'],
    ]);
    expect(offered.refused.map(({ code }) => code)).toEqual([
      'project.not-a-project',
      'file.not-found',
    ]);
    expect(JSON.stringify(offered.refused)).not.toContain(folder);
  });
});
