import { stat } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { AnsweringDisks, diskOf } from './answering-disks';

const never = (): Promise<never> => new Promise(() => undefined);
const byFirstFolder = (path: string): Promise<string> => Promise.resolve(path.split('/')[1] ?? '');

it('a disk that does not answer is told and left alone, and others are asked all the same', async () => {
  const disks = new AnsweringDisks(20, byFirstFolder);
  let answer: (value: string) => void = () => undefined;
  const late = new Promise<string>((resolve) => (answer = resolve));
  let told = 0;
  disks.onLateAnswer(() => (told += 1));
  await expect(disks.ask('/dead/a.emproj', () => late)).rejects.toMatchObject({
    code: 'disk.not-answering',
    data: { file: 'a.emproj' },
  });
  let asked = false;
  const again = disks.ask('/dead/b.emproj', () => Promise.resolve((asked = true)));
  await expect(again).rejects.toMatchObject({ code: 'disk.not-answering' });
  expect(asked).toBe(false);
  expect(await disks.ask('/alive/c.emproj', () => Promise.resolve('c'))).toBe('c');
  expect(told).toBe(0);
  answer('there I am');
  await late;
  expect(await disks.ask('/dead/a.emproj', () => Promise.resolve('a'))).toBe('a');
  expect(told).toBe(1);
});

it('a main thread that was held up itself blames no disk', async () => {
  const disks = new AnsweringDisks(60, byFirstFolder);
  const asked = disks.ask('/alive/a.emproj', async () => {
    for (let call = 0; call < 3; call += 1) await stat(import.meta.dirname);
    return 'a';
  });
  await new Promise(setImmediate);
  const end = performance.now() + 200;
  while (performance.now() < end);
  expect(await asked).toBe('a');
});

it('no more calls are left hanging than threads can be spared', async () => {
  const disks = new AnsweringDisks(5, byFirstFolder);
  let hanging = 0;
  for (const name of ['one', 'two', 'three', 'four', 'five'])
    await disks.ask(`/${name}/x`, () => ((hanging += 1), never())).catch(() => undefined);
  expect(hanging).toBe(2);
});

it('a failure comes through as it is', async () => {
  const disks = new AnsweringDisks(1000, byFirstFolder);
  const failing = disks.ask('/a/b', () => Promise.reject(new Error('no such file')));
  await expect(failing).rejects.toThrow('no such file');
});

it.runIf(process.platform === 'linux')('a path belongs to the mount that it lies on', async () => {
  expect(await diskOf('/proc/self/status')).toBe('/proc');
  expect(await diskOf('/no-such-mount/a')).toBe('/no-such-mount/a');
});
