import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileList } from './file-list';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'membrana-list-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the files of a folder', () => {
  it('read like one long file, at any place, empty and absent ones among them', async () => {
    const sizes = [5, 0, 17, 1, 300, 0, 64];
    const parts = sizes.map((size, file) =>
      Buffer.from(Array.from({ length: size }, (_, at) => (at * 7 + file * 31) & 255)),
    );
    const names = sizes.map((_, file) => `${file}`);
    for (const [file, bytes] of parts.entries()) await writeFile(join(folder, `${file}`), bytes);
    const list = await FileList.look(folder, [...names, 'absent'], {});
    const whole = Buffer.concat(parts);
    expect(list.size).toBe(whole.length);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length + 5), fc.nat(whole.length), async (offset, length) => {
        const found = await list.read(offset, length);
        expect(Buffer.from(found).equals(whole.subarray(offset, offset + length))).toBe(true);
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  it('are another source when an absent one comes', async () => {
    await writeFile(join(folder, 'a'), 'a');
    const { content } = await (await FileList.look(folder, ['a', 'b'], {})).identity();
    await writeFile(join(folder, 'b'), '');
    expect((await (await FileList.look(folder, ['a', 'b'], {})).identity()).content).not.toBe(
      content,
    );
  });

  it('say by name when one that describes the others was written to', async () => {
    await mkdir(join(folder, '0'));
    await writeFile(join(folder, '0', '.zarray'), '{}');
    await writeFile(join(folder, 'chunk'), 'x');
    const list = await FileList.look(folder, ['0/.zarray', 'chunk'], { guarded: 1 });
    await writeFile(join(folder, 'chunk'), 'another');
    await list.assertUnchanged();
    await writeFile(join(folder, '0', '.zarray'), '{"a":1}');
    await expect(list.assertUnchanged()).rejects.toMatchObject({
      code: 'file.changed',
      message: expect.stringContaining('.zarray') as string,
    });
  });
});
