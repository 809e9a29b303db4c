import { describe, expect, it } from 'vitest';
import { readPngLayout } from './png-head';
import { decodePng } from './png-pixels';
import { pngBytes, type TestPng } from './testing/pictures';

const noise = (y: number, length: number): number[] =>
  Array.from({ length }, (_, x) => (x * x * 3 + y * 31 + ((x * y) % 17) * 11) & 255);
const png = (change: Partial<TestPng> & { readonly bytes: number }): TestPng => ({
  width: 13,
  height: 9,
  bits: 8,
  colour: 0,
  row: (y) => noise(y, change.bytes),
  ...change,
});

describe('a PNG is read', () => {
  it.each([0, 1, 2, 3, 4])(
    'through filter %i, in every colour type of whole bytes',
    async (filter) => {
      for (const [colour, samples] of [
        [0, 1],
        [2, 3],
        [4, 2],
        [6, 4],
      ] as const)
        for (const bits of [8, 16]) {
          const bytes = 13 * samples * (bits / 8);
          const test = png({ bytes, colour, bits, filter: () => filter });
          const { pixels, problem } = await decodePng('a.png', pngBytes(test));
          expect(problem).toBeNull();
          const flat = Array.from({ length: 9 }, (_, y) => noise(y, bytes)).flat();
          const wanted =
            bits === 8
              ? flat
              : flat
                  .filter((_, at) => at % 2 === 0)
                  .map((high, at) => high * 256 + (flat[2 * at + 1] ?? 0));
          expect(Array.from(pixels, Number)).toEqual(wanted);
        }
    },
  );

  it.each([1, 2, 4])('with %i bits a pixel, spread from black to white', async (bits) => {
    const bytes = Math.ceil((13 * bits) / 8);
    const { pixels } = await decodePng('a.png', pngBytes(png({ bytes, bits })));
    const most = 2 ** bits - 1;
    for (const [x, y] of [
      [0, 0],
      [7, 3],
      [12, 8],
    ] as const) {
      const text = noise(y, bytes)
        .map((byte) => byte.toString(2).padStart(8, '0'))
        .join('');
      expect(pixels[y * 13 + x]).toBe(
        (parseInt(text.slice(x * bits, (x + 1) * bits), 2) / most) * 255,
      );
    }
  });

  it('with a palette, as the colours that it stands for', async () => {
    const palette = [10, 20, 30, 40, 50, 60, 70, 80, 90];
    const test = png({
      bytes: 13,
      colour: 3,
      palette,
      opacity: [255, 0],
      row: (y) => Array.from({ length: 13 }, (_, x) => (x + y) % 4),
    });
    const bytes = pngBytes(test);
    expect(readPngLayout('a.png', bytes).head).toMatchObject({
      samples: 4,
      meaning: { kind: 'colour', stored: 'palette', alpha: { sample: 3 } },
    });
    const { pixels } = await decodePng('a.png', bytes);
    expect(Array.from(pixels.subarray(0, 16), Number)).toEqual([
      10, 20, 30, 255, 40, 50, 60, 0, 70, 80, 90, 255, 0, 0, 0, 255,
    ]);
  });

  it('with a palette of greys, as those greys', async () => {
    const test = png({
      bytes: 13,
      colour: 3,
      palette: [0, 0, 0, 200, 200, 200],
      row: (y) => Array.from({ length: 13 }, (_, x) => (x + y) % 2),
    });
    const { pixels } = await decodePng('a.png', pngBytes(test));
    expect(Array.from(pixels.subarray(0, 3), Number)).toEqual([0, 200, 0]);
  });
});

describe('a PNG is refused or read as far as it goes', () => {
  it('interlaced', () => {
    expect(() => readPngLayout('a.png', pngBytes(png({ bytes: 13, interlace: true })))).toThrow(
      /interlaced/,
    );
  });

  it.each([
    ['other bytes', Buffer.from('hello')],
    ['only its first bytes', pngBytes(png({ bytes: 13 })).subarray(0, 8)],
    ['bits that its colours may not have', pngBytes(png({ bytes: 13, colour: 2, bits: 4 }))],
    ['no pixels', pngBytes(png({ bytes: 13, width: 0 }))],
    ['a palette left out', pngBytes(png({ bytes: 13, colour: 3 }))],
  ])('%s', (_, bytes) => {
    expect(() => readPngLayout('a.png', bytes)).toThrow(
      expect.objectContaining({ code: 'stack.corrupt' }),
    );
  });

  it('4 billion pixels a side', () => {
    const bytes = pngBytes(png({ bytes: 13 }));
    bytes.writeUInt32BE(2 ** 31, 16);
    bytes.writeUInt32BE(2 ** 31, 20);
    expect(() => readPngLayout('a.png', bytes)).toThrow(
      expect.objectContaining({ code: 'stack.too-large' }),
    );
  });

  it('cut anywhere: the rows before are right, and nothing is thrown', async () => {
    const whole = pngBytes(png({ bytes: 13, filter: (y) => y % 5 }));
    for (let end = 60; end < whole.length; end += 3) {
      const { pixels, problem } = await decodePng('a.png', whole.subarray(0, end));
      const rows = problem?.goodRows ?? 9;
      for (let y = 0; y < rows; y += 1)
        expect(Array.from(pixels.subarray(y * 13, (y + 1) * 13), Number)).toEqual(noise(y, 13));
    }
  });

  it('with a filter that does not exist', async () => {
    const { problem } = await decodePng(
      'a.png',
      pngBytes(png({ bytes: 13, filter: (y) => (y === 4 ? 7 : 0) })),
    );
    expect(problem).toMatchObject({ state: 'corrupt', goodRows: 4 });
  });
});
