import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { describeStack, type StackDescription } from './describe';
import { encodeDeflate, packBits } from './tiff/testing/encoders';
import { withStack } from './tiff/testing/opened';
import { imageTags, tiffBytes, type ImageTags, type TestPage } from './tiff/testing/tiff-bytes';

const signal = new AbortController().signal;
const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function answer(
  pages: readonly TestPage[],
  digest = true,
  page?: number,
): Promise<StackDescription> {
  const options = { digest, signal, ...(page === undefined ? {} : { page }) };
  return withStack(tiffBytes({ pages }), (source) => describeStack(source, options));
}

async function digestOf(image: ImageTags, block: Uint8Array): Promise<string | undefined> {
  return (await answer([{ tags: imageTags(image), blocks: [block] }])).pages[0]?.sha256;
}

describe('digests', () => {
  const half = Uint16Array.from([0x3c00, 0x0001, 0x83ff, 0x7e01, 0xfc00, 0x0000, 0x8000, 0x7bff]);
  it.each([
    [
      '1-bit pages count as 0 and 255',
      { width: 8, height: 1, bits: 1 },
      Uint8Array.from([0b10010001]),
      Uint8Array.from([255, 0, 0, 255, 0, 0, 0, 255]),
    ],
    [
      '4-bit pages stay unscaled',
      { width: 2, height: 1, bits: 4 },
      Uint8Array.from([0x1f]),
      Uint8Array.from([1, 15]),
    ],
    [
      '12-bit pages are 16-bit numbers',
      { width: 2, height: 1, bits: 12 },
      packBits([0xabc, 0x123], 12, 2),
      Uint8Array.from([0xbc, 0x0a, 0x23, 0x01]),
    ],
    [
      'half floats are their own bits',
      { width: 8, height: 1, bits: 16, format: 3 },
      new Uint8Array(half.buffer),
      new Uint8Array(half.buffer),
    ],
    [
      'WhiteIsZero is inverted',
      { width: 2, height: 1, photometric: 0 },
      Uint8Array.from([0, 200]),
      Uint8Array.from([255, 55]),
    ],
  ])('%s', async (_, image, stored, hashed) => {
    expect(await digestOf(image, stored)).toBe(sha(hashed));
  });

  it('are left out where a page is damaged, and the page is named', async () => {
    const tags = imageTags({ width: 4, height: 4, compression: 8 });
    const fine = { tags, blocks: [encodeDeflate(new Uint8Array(16).fill(1))] };
    const broken = { tags, blocks: [Uint8Array.from([1, 2, 3, 4])] };
    const { pages, warnings } = await answer([fine, broken, fine]);
    expect(pages).toEqual([
      { state: 'ok', sha256: sha(new Uint8Array(16).fill(1)) },
      { state: 'corrupt' },
      pages[0],
    ]);
    expect(warnings).toMatchObject([{ code: 'blocks-corrupt', page: 1 }]);
    const quick = await answer([fine, broken, fine], false);
    expect(quick.pages).toEqual([{ state: 'ok' }, { state: 'corrupt' }, { state: 'ok' }]);
  });

  it.each([true, false])(
    'tell the reason of the first slice too, once (digest: %s)',
    async (digest) => {
      const tags = imageTags({ width: 4, height: 4, compression: 8 });
      const damaged = { tags, blocks: [Uint8Array.from([1, 2, 3, 4])] };
      const corrupt = await answer([damaged], digest);
      expect(corrupt.warnings).toMatchObject([{ code: 'blocks-corrupt', page: 0 }]);
      expect(corrupt.warnings[0]?.message).toMatch(/row 0: deflate/);
      const short = { tags: imageTags({ width: 4, height: 4 }), blocks: [new Uint8Array(6)] };
      const truncated = await answer([short], digest);
      const told = truncated.warnings.filter(({ code }) => code === 'blocks-truncated');
      expect(told).toMatchObject([{ page: 0 }]);
      expect(told[0]?.message).toContain('row 1');
    },
  );
});

describe('a page that differs', () => {
  const tags = imageTags({ width: 4, height: 4 });
  const fine = (value: number): TestPage => ({ tags, blocks: [new Uint8Array(16).fill(value)] });

  it('does not stop the others: its own compression is unknown', async () => {
    const odd = { ...fine(2), tags: imageTags({ width: 4, height: 4, compression: 999 }) };
    const { pages, warnings, depth } = await answer([fine(1), odd, fine(3)]);
    expect([depth, pages.map(({ state }) => state)]).toEqual([3, ['ok', 'corrupt', 'ok']]);
    expect(warnings[0]?.message).toContain('999');
  });

  it('can be asked for alone', async () => {
    const { pages, depth } = await answer([fine(1), fine(2)], true, 1);
    expect([depth, pages]).toEqual([2, [{ state: 'ok', sha256: sha(new Uint8Array(16).fill(2)) }]]);
  });

  it('is refused when it is not there', async () => {
    await expect(answer([fine(1)], true, 4)).rejects.toMatchObject({
      code: 'stack.slice-out-of-range',
    });
  });
});

it('says null where no voxel size is known, and tells one in nm', async () => {
  const blocks = [new Uint8Array(16)];
  const plain = await answer([{ tags: imageTags({ width: 4, height: 4 }), blocks }]);
  expect(plain.voxelSize).toBeNull();
  const description = 'ImageJ=1.53t\nunit=micron\nspacing=0.05\n';
  const tags = imageTags({ width: 4, height: 4, description, resolution: [250, 1] });
  expect((await answer([{ tags, blocks }])).voxelSize).toEqual({ x: 4, y: 4, z: 50, unit: 'nm' });
});
