import { describe, expect, it } from 'vitest';
import { seriesOf } from './series';

const numbered = (pattern: string, numbers: readonly number[]): string[] =>
  numbers.map((number) => pattern.replace('#', String(number)));
const upTo = (end: number): number[] => Array.from({ length: end }, (_, i) => i);

describe('the slices of a folder', () => {
  it('are its pictures by number; hidden files and what systems leave behind are none', () => {
    const found = seriesOf([
      ...numbered('s#.png', [10, 9, 8]),
      '.s7.png',
      'Thumbs.db',
      '.DS_Store',
      'notes.txt',
      '._s8.png',
    ]);
    expect(found).toEqual({ kind: 'one', names: ['s8.png', 's9.png', 's10.png'], warnings: [] });
  });

  it('tell which numbers are left out', () => {
    const found = seriesOf(numbered('s#.tif', [1, 2, 5, 6, 8, 9]));
    expect(found.kind === 'one' && found.warnings[0]?.message).toMatch(
      /leave out 3–4, 7 \(3 in all, between 1 and 9\)/,
    );
  });

  it('may go in steps, and skip one', () => {
    expect(seriesOf(numbered('s#.tif', [0, 10, 20, 30]))).toMatchObject({ warnings: [] });
    const found = seriesOf(numbered('s#.tif', [0, 10, 30]));
    expect(found.kind === 'one' && found.warnings[0]?.message).toMatch(/leave out 20 \(1 in all/);
  });

  it('may carry other numbers along', () => {
    const found = seriesOf(upTo(12).map((z) => `2024-03-${10 + (z % 3)}_z${z}_x5.tif`));
    expect(found).toMatchObject({ kind: 'one', warnings: [] });
  });

  it('are in the order of the number that counts them, whatever else changes before it', () => {
    const names = ['run1_z1.tif', 'run2_z2.tif', 'run1_z3.tif', 'run1_z10.tif'];
    expect(seriesOf([...names].sort())).toMatchObject({ kind: 'one', names });
  });

  it('say so where two numbers count them in different orders', () => {
    const names = ['20240101_z3.tif', '20240102_z2.tif', '20240103_z1.tif'];
    expect(seriesOf(names)).toMatchObject({
      kind: 'one',
      names,
      warnings: [
        { code: 'slices-order', message: expect.stringContaining('from 20240101_z3') as string },
      ],
    });
    const alike = ['20240101_z1.tif', '20240102_z2.tif'];
    expect(seriesOf(alike)).toEqual({ kind: 'one', names: alike, warnings: [] });
  });

  it('are not mixed with single pictures beside them, which are named', () => {
    const found = seriesOf([...numbered('s#.jpg', [1, 2, 3]), 'overview.png']);
    expect(found).toMatchObject({ kind: 'one', names: ['s1.jpg', 's2.jpg', 's3.jpg'] });
    expect(found.kind === 'one' && found.warnings[0]?.message).toMatch(/overview\.png/);
  });

  it('may have no numbers at all, and then it is said in which order they are', () => {
    expect(seriesOf(['c.png', 'a.png', 'b.png'])).toMatchObject({
      names: ['a.png', 'b.png', 'c.png'],
      warnings: [{ code: 'slices-unnumbered' }],
    });
    expect(seriesOf(['only.png'])).toEqual({ kind: 'one', names: ['only.png'], warnings: [] });
  });

  it.each([
    [
      'two patterns',
      [...numbered('raw_#.tif', [1, 2]), ...numbered('mask_#.tif', [1, 2, 3])],
      /mask_#\.tif \(3 slices\)/,
    ],
    [
      'two kinds of file',
      [...numbered('s#.tif', [1, 2]), ...numbered('s#.png', [1, 2])],
      /s#\.png \(2 slices\)/,
    ],
    ['channels', upTo(6).map((i) => `z${i >> 1}_c${i % 2}.tif`), /takes 3 values/],
    ['one number twice', ['1.tif', '01.tif', '2.tif'], /^01\.tif and 1\.tif have the same number$/],
    ['one slice twice', ['s1.tif', 's1.tiff'], /s1\.tif and s1\.tiff/],
    ['names that differ in capitals alone', ['a.png', 'A.png'], /A\.png and a\.png/],
  ])('are refused where there are several series: %s', (_, names, line) => {
    const found = seriesOf(names);
    expect(found.kind === 'several' && found.lines.join('; ')).toMatch(line);
  });

  it('are none without pictures', () => {
    expect(seriesOf(['a.txt', '.hidden.png'])).toEqual({ kind: 'none' });
  });
});
