import { execFileSync } from 'node:child_process';
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MembranaError } from '#contract/errors';
import { makeWorkplace, type RunningServices, type Workplace } from '../testing/running-services';

let place: Workplace;
let app: RunningServices;
let projects = '';
beforeEach(async () => {
  place = await makeWorkplace();
  projects = join(place.folder, 'projects');
});
afterEach(() => place.remove());

async function openStack(name = 'stack.tif', seed = 1) {
  const path = await place.stack(name, { width: 60, height: 40, depth: 2 }, seed);
  app.chosen.push(path);
  const grant = await app.call('dialog.open', { kind: 'stack' });
  return app.call('project.open', { grant: grant!.id });
}

describe('a folder of new projects that can not be used', () => {
  it('a file in its place: says so, and another folder chosen instead is kept', async () => {
    await writeFile(projects, 'not a folder');
    app = await place.run();
    const refused = (await openStack().catch((error: unknown) => error)) as MembranaError;
    expect(refused).toMatchObject({ code: 'project.no-folder', data: { folder: 'projects' } });
    expect(refused.message).toContain('a file is in its place');
    const elsewhere = join(place.folder, 'Elsewhere');
    await mkdir(elsewhere);
    app.chosen.push(elsewhere);
    expect(await app.call('projects.choose', null)).toEqual({ name: 'Elsewhere' });
    expect((await openStack()).access).toEqual({ kind: 'read-write' });
    await app.quit();
    app = await place.run();
    expect(await app.call('projects.folder', null)).toEqual({ name: 'Elsewhere' });
    await openStack('other.tif', 2);
    expect(await readdir(elsewhere)).toEqual(['other.emproj', 'stack.emproj']);
  });

  it('a choice that can not be used either changes nothing', async () => {
    app = await place.run();
    const file = join(place.folder, 'file');
    await writeFile(file, '');
    app.chosen.push(file);
    await expect(app.call('projects.choose', null)).rejects.toMatchObject({
      code: 'project.no-folder',
    });
    expect(await app.call('projects.folder', null)).toEqual({ name: 'projects' });
    expect(await app.call('projects.choose', null)).toBeNull();
  });

  it('a disk that can only be read: refuses a new project, and opens one that is there to look', async ({
    skip,
  }) => {
    app = await place.run();
    await mkdir(projects, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'tmpfs', projects], {
        stdio: 'ignore',
      });
    } catch {
      skip('a disk can only be mounted by root');
    }
    try {
      await openStack();
      await app.call('project.close', null);
      execFileSync('mount', ['-o', 'remount,ro', projects]);
      const { access } = await openStack();
      expect(access).toMatchObject({ kind: 'read-only' });
      await expect(openStack('other.tif', 2)).rejects.toMatchObject({
        code: 'project.no-folder',
        data: { reason: 'its disk can only be read' },
      });
      await app.quit();
    } finally {
      execFileSync('umount', ['-l', projects]);
    }
  });
});

describe.skipIf(process.platform === 'win32')('beside a good project', () => {
  it('strange ones in the same folder, and in the recent list, hinder nobody', async () => {
    app = await place.run();
    const first = await openStack();
    await app.quit();
    const strange = ['pipe', 'inside', 'zero', 'nowhere', 'file', 'loop'];
    const at = (name: string): string => join(projects, `a ${name}.emproj`);
    execFileSync('mkfifo', [at('pipe')]);
    await mkdir(at('inside'));
    execFileSync('mkfifo', [join(at('inside'), 'project.json')]);
    await mkdir(at('zero'));
    await symlink('/dev/zero', join(at('zero'), 'project.json'));
    await symlink(join(place.folder, 'not-there'), at('nowhere'));
    await writeFile(at('file'), 'x');
    await symlink(at('loop'), at('loop'));
    const opened = new Date().toISOString();
    await writeFile(
      join(place.folder, 'user', 'recent.json'),
      JSON.stringify({
        projects: [
          { path: 7 },
          ...strange.map((name) => ({ path: at(name), name, detail: '', opened })),
        ],
      }),
    );
    await rm(join(projects, 'stack.emproj', 'lock'), { recursive: true });
    app = await place.run();
    expect((await app.call('app.info', null)).version).toBe('0.0.0');
    expect((await openStack()).id).toBe(first.id);
    for (const item of await app.call('recent.list', null))
      if (item.name !== 'stack')
        await expect(app.call('project.open', { grant: item.grant })).rejects.toHaveProperty(
          'code',
        );
    expect((await openStack('other.tif', 2)).name).toBe('other');
  });
});
