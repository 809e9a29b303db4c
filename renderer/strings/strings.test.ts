import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '#contract/errors';
import { errorActions } from '../commands/error-actions';
import { en } from './en';
import {
  formatBytes,
  formatDuration,
  formatLength,
  formatPercent,
  formatWhen,
  plural,
} from './format';

/** Every text of the catalogue, with where it stands; functions are left to the type checker. */
function texts(value: unknown, path = 'en'): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => texts(part, `${path}.${key}`));
}

describe('the catalogue', () => {
  it('has no empty, untrimmed or unfinished text', () => {
    for (const [path, text] of texts(en)) {
      expect(text.trim(), path).toBe(text);
      expect(text, path).not.toBe('');
      expect(text, path).not.toMatch(/TODO|FIXME|\bundefined\b|lorem/i);
    }
  });

  it('names every error, and what to do about it', () => {
    for (const code of errorCodes) {
      expect(en.errors[code], code).toMatch(/\S/);
      for (const command of errorActions(code)) expect(en.commands[command]).toMatch(/\S/);
    }
  });

  it('holds all words: components show none of their own', () => {
    const folder = join(import.meta.dirname, '..', 'ui');
    const components = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.svelte'),
    );
    expect(components.length).toBeGreaterThan(20);
    for (const file of components) {
      const source = readFileSync(join(folder, file), 'utf8');
      const markup = source
        .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
        .replace(/<!--[\s\S]*?-->/g, '')
        .replace(/&nbsp;/g, '')
        .replace(/=>/g, '')
        .replace(/\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}/g, '');
      const words = [...markup.matchAll(/>([^<>]*[A-Za-z]{2,}[^<>]*)</g)].map((match) => match[1]);
      expect(words, file).toEqual([]);
      expect(markup, file).not.toMatch(/(aria-label|title|placeholder|alt)="[^"{]*[A-Za-z]{3}/);
      expect(markup, `${file}: the policy refuses inline styles`).not.toMatch(/\sstyle="/);
    }
  });
});

describe('numbers', () => {
  it.each([
    [3, '3 nm'],
    [110.4, '110 nm'],
    [2446, '2.45 µm'],
    [1_200_000, '1.2 mm'],
  ])('%d nm is read as %s', (length, text) => {
    expect(formatLength(length)).toBe(text);
  });

  it.each([
    [0.4, '0 s'],
    [38, '38 s'],
    [60, '1 min'],
    [134, '2 min 14 s'],
    [3599, '59 min'],
    [3600, '1 h'],
    [4200, '1 h 10 min'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('durations never say 60 s or 60 min', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (seconds) => {
        expect(formatDuration(seconds)).not.toMatch(/\b60 (s|min)/);
      }),
      { seed: 2026 },
    );
  });

  it.each([
    ['2026-11-30T14:29:40', 'just now'],
    ['2026-11-30T14:18:00', '12 min ago'],
    ['2026-11-30T09:14:00', 'today 09:14'],
    ['2026-11-29T23:59:00', 'yesterday 23:59'],
    ['2026-11-27T10:00:00', 'Friday'],
    ['2026-10-03T10:00:00', '3 Oct 2026'],
    ['', ''],
  ])('%s was %s', (then, text) => {
    expect(formatWhen(new Date(then), new Date('2026-11-30T14:30:00'))).toBe(text);
  });

  it.each([
    [0, '0'],
    [99_999, '99,999'],
    [313_472, '313 k'],
    [999_600, '1 M'],
    [12_340_000, '12.3 M'],
  ])('%d pixels of a class are told as %s, short beside its name', (pixels, text) => {
    expect(en.bench.classes.count(pixels)).toBe(text);
  });

  it('count and measure as people do', () => {
    expect(plural(1, 'stroke', 'strokes')).toBe('1 stroke');
    expect(plural(5210, 'pixel', 'pixels')).toBe('5,210 pixels');
    expect(formatBytes(8_388_608)).toBe('8.4 MB');
    expect(formatPercent(0.217)).toBe('22 %');
    expect(formatPercent(0.004)).toBe('0.4 %');
    expect(formatPercent(0)).toBe('0 %');
  });
});
