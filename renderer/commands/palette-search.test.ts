import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandKeywords } from '../strings/command-keywords';
import { commandTitles } from '../strings/command-titles';
import { matchKeyword, matchTitle, searchTitles } from './palette-search';

const keywords: Readonly<Record<string, string>> = commandKeywords;
const entries = Object.entries(commandTitles).map(([id, title]) => ({
  id,
  title,
  keywords: keywords[id],
}));
const find = (query: string, recent: readonly string[] = []): string[] =>
  searchTitles(entries, query, recent).map(({ title }) => title);

describe('the palette', () => {
  it('finds a command by the beginnings of its words', () => {
    expect(find('cws')[0]).toBe('Confirm whole slice');
    expect(find('seg all')[0]).toBe('Segment all slices');
    expect(find('undo')[0]).toBe('Undo');
    expect(find('retr')[0]).toBe('Retrain');
  });

  it.each([
    ['gamma', 'Contrast: black, white, gamma'],
    ['model', 'Choose a model version'],
    ['import', 'Open stack…'],
    ['brightness', 'Contrast: black, white, gamma'],
    ['opacity', 'Fainter overlay'],
    ['dilate', 'Grow class'],
    ['erode', 'Shrink class'],
    ['inference', 'Segment slice'],
    ['gpu', 'Engines…'],
    ['preferences', 'Settings…'],
    ['ground truth', 'Compare with a label stack…'],
    ['hotkeys', 'Change shortcuts…'],
    ['tutorial', 'Three-minute tour'],
    ['eyedropper', 'Pick label under the cursor'],
  ])('finds by the words of other programs: %s', (typed, title) => {
    expect(find(typed).slice(0, 3)).toContain(title);
  });

  it('lists every command of models under “model”, the one that says so first', () => {
    const listed = find('model').slice(0, 12);
    for (const title of ['Segment slice', 'Retrain', 'Train from labels…'])
      expect(listed).toContain(title);
  });

  it('says by which word it found what the title does not tell', () => {
    const [first] = searchTitles(entries, 'gpu', []);
    expect([first?.title, first?.keyword, first?.places]).toEqual(['Engines…', 'gpu', []]);
    expect(matchKeyword('ground tr', 'ground truth import')?.word).toBe('ground truth');
    expect(matchKeyword('pm', 'import')).toBeNull();
  });

  it('marks the letters that were typed where the eye looks for them', () => {
    expect(matchTitle('cs', 'Confirm whole slice')?.places).toEqual([0, 14]);
    expect(matchTitle('sl', 'Segment slice')?.places).toEqual([8, 9]);
  });

  it('lists what was used lately first, and everything while nothing is typed', () => {
    const listed = find('', ['edit.redo', 'view.fit']);
    expect(listed.slice(0, 2)).toEqual(['Redo', 'Fit slice']);
    expect(listed).toHaveLength(entries.length);
  });

  it('lets a better match win over a recent one', () => {
    const two = [
      { id: 'a', title: 'Hide the red' },
      { id: 'b', title: 'Redo' },
    ];
    expect(searchTitles(two, 'red', ['a']).map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('finds nothing where a letter is missing', () => {
    expect(find('qzqzq')).toEqual([]);
  });

  it('matches exactly the titles that hold the letters in order, at places that spell them', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 12 });
    fc.assert(
      fc.property(word, word, (query, title) => {
        const wanted = Array.from(query.replaceAll(' ', ''));
        let from = 0;
        const holds = wanted.every((letter) => {
          const at = title.indexOf(letter, from);
          from = at + 1;
          return at >= 0;
        });
        const match = matchTitle(query, title);
        expect(match !== null).toBe(holds);
        if (match === null) return;
        expect(match.places.map((at) => title[at])).toEqual(wanted);
        expect([...match.places].sort((a, b) => a - b)).toEqual(match.places);
      }),
      { seed: 2026 },
    );
  });
});
