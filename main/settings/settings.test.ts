import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '#main/diagnostics/log';
import { writeFileAtomic } from '#main/storage/atomic-file';
import { RecentStore } from './recent-store';
import { defaultSettings, SettingsStore } from './settings-store';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'membrana-settings-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const open = () => SettingsStore.open(folder, writeFileAtomic, silentLog);

describe('settings', () => {
  it('start as the defaults and come back as they were left', async () => {
    const settings = await open();
    expect(settings.value).toEqual(defaultSettings);
    expect(await settings.change({ theme: 'dark', device: undefined })).toEqual({
      ...defaultSettings,
      theme: 'dark',
    });
    expect((await open()).value.theme).toBe('dark');
  });

  it('keep the last of several changes made at once', async () => {
    const settings = await open();
    await Promise.all([
      settings.change({ theme: 'dark' }),
      settings.change({ wheel: 'zoom' }),
      settings.change({ theme: 'light' }),
    ]);
    expect((await open()).value).toEqual({ ...defaultSettings, theme: 'light', wheel: 'zoom' });
  });

  it('are the defaults after damage, and the damaged file is kept', async () => {
    await writeFile(join(folder, 'settings.json'), '{"theme": "dar');
    expect((await open()).value).toEqual(defaultSettings);
    expect(await readFile(join(folder, 'settings.json.unreadable'), 'utf8')).toBe('{"theme": "dar');
  });

  it('lose one wrong value, not the others', async () => {
    await writeFile(join(folder, 'settings.json'), '{"theme": "pink", "wheel": "zoom"}');
    expect((await open()).value).toEqual({ ...defaultSettings, wheel: 'zoom' });
  });

  it('lose one wrong shortcut, not the others', async () => {
    const changes = { 'tool.brush': ['P'], 'tool.eraser': ['Hyper+Q'], 'edit.undo': 'Ctrl+U' };
    await writeFile(
      join(folder, 'settings.json'),
      JSON.stringify({ theme: 'dark', keys: { preset: 'napari', changes } }),
    );
    expect((await open()).value).toEqual({
      ...defaultSettings,
      theme: 'dark',
      keys: { preset: 'napari', changes: { 'tool.brush': ['P'] } },
    });
  });

  it('refuse a prototype', async () => {
    await writeFile(join(folder, 'settings.json'), '{"__proto__": {"theme": "dark"}}');
    expect((await open()).value).toEqual(defaultSettings);
    expect(await readdir(folder)).toContain('settings.json.unreadable');
  });

  it('hold for the session when the disk refuses them', async () => {
    const refuse = () => Promise.reject(new Error('ENOSPC'));
    const settings = await SettingsStore.open(folder, refuse, silentLog);
    await settings.change({ theme: 'dark' });
    expect(settings.value.theme).toBe('dark');
  });
});

describe('recent projects', () => {
  it('are newest first, each once', async () => {
    const recent = await RecentStore.open(folder, writeFileAtomic, silentLog);
    const entry = (name: string) => ({
      path: `/p/${name}`,
      name,
      detail: '',
      opened: '',
      done: null,
    });
    for (const name of ['a', 'b', 'a']) await recent.add(entry(name));
    const again = await RecentStore.open(folder, writeFileAtomic, silentLog);
    expect(again.entries.map(({ name }) => name)).toEqual(['a', 'b']);
    await again.note('/p/b', { slices: 8, segmented: 5, corrected: 2 });
    await again.note('/p/c', { slices: 1, segmented: 1, corrected: 1 });
    const noted = await RecentStore.open(folder, writeFileAtomic, silentLog);
    expect(noted.entries.map(({ name, done }) => [name, done?.segmented])).toEqual([
      ['a', undefined],
      ['b', 5],
    ]);
    await again.clear();
    expect((await RecentStore.open(folder, writeFileAtomic, silentLog)).entries).toEqual([]);
  });
});
