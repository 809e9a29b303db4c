import { copyFile, mkdtemp, open, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seeded } from '../../project/testing/sample-project';
import { SourceFile } from '../source-file';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'identity-'));
  path = join(folder, 'stack.tif');
});
afterEach(() => rm(folder, { recursive: true }));

const size = 2 ** 18;
const random = seeded(7);
const original = Uint8Array.from({ length: size }, () => Math.floor(random() * 256));
/** `middle` changes one byte, far from both ends. */
function content(middle = 0): Buffer {
  const bytes = Buffer.from(original);
  bytes[size / 2] = ((bytes[size / 2] ?? 0) + middle) & 255;
  return bytes;
}

/** What others do to a file while it is open. */
const replaced = async (bytes: Buffer): Promise<void> => {
  await writeFile(join(folder, 'new'), bytes);
  await rename(join(folder, 'new'), path);
};
const overwritten = async (bytes: Buffer): Promise<void> => {
  const file = await open(path, 'r+');
  await file.write(bytes, 0, bytes.length, 0);
  await file.close();
  // As a copy that keeps the time does.
  await utimes(path, 1000, 1000);
};

describe.each([
  ['replaced by another file', replaced],
  ['overwritten in place, its time set back', overwritten],
])('a file that is %s', (_, change) => {
  it.each([
    ['open', false],
    ['about to be opened by another process', true],
  ])(
    'is the same with the same bytes and another with one byte changed, while %s',
    async (_2, anew) => {
      await writeFile(path, content());
      await utimes(path, 1000, 1000);
      const first = await SourceFile.open(path);
      const identity = await first.identity();
      const look = async (): Promise<void> => {
        if (!anew) return first.assertUnchanged();
        await (await SourceFile.open(path, identity)).close();
      };
      await change(content());
      await look();
      expect(await first.read(size / 2, 4)).toEqual(
        Uint8Array.from(content().subarray(size / 2, size / 2 + 4)),
      );
      await change(content(1));
      await expect(look()).rejects.toMatchObject({ code: 'file.changed' });
      // Put back as it was, it serves again.
      await change(content());
      await look();
      await first.close();
    },
  );
});

it('is read from the file that was opened until that is known to be gone', async () => {
  await writeFile(path, content());
  const file = await SourceFile.open(path);
  await replaced(content(1));
  // The identity is that of what was opened, whatever lies at its path by now.
  const { content: seen } = await file.identity();
  await copyFile(path, join(folder, 'other'));
  await writeFile(join(folder, 'first'), content());
  const first = await SourceFile.open(join(folder, 'first'));
  expect((await first.identity()).content).toBe(seen);
  await expect(file.assertUnchanged()).rejects.toMatchObject({ code: 'file.changed' });
  await Promise.all([file.close(), first.close()]);
});

it('refuses what was read while the file was written, and reads once more when it is the same again', async () => {
  await writeFile(path, content());
  const file = await SourceFile.open(path);
  await file.identity();
  const seen: boolean[] = [];
  const bytes = await file.whileUnchanged(async (again) => {
    seen.push(again);
    if (!again) {
      // Half written: zeros where the same bytes will be.
      await overwritten(Buffer.alloc(size));
      const torn = await file.read(size / 2, 4);
      await overwritten(content());
      return torn;
    }
    return file.read(size / 2, 4);
  });
  expect(seen).toEqual([false, true]);
  expect(bytes).toEqual(Uint8Array.from(content().subarray(size / 2, size / 2 + 4)));
  await file.close();
});
