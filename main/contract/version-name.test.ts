import { describe, expect, it } from 'vitest';
import { freeVersionName, nextVersionName } from './version-name';

describe('names of model versions', () => {
  it('count on within their line, whichever of it was retrained', () => {
    expect(nextVersionName('general', ['general'])).toBe('general · 2');
    // Back to the first, retrained again and again: the name that was seen three times.
    const taken = ['general', 'isbi-base8'];
    for (let n = 2; n < 12; n += 1) {
      const name = nextVersionName(n % 3 === 0 ? 'general · 2' : 'general', taken);
      expect(name).toBe(`general · ${String(n)}`);
      taken.push(name);
    }
    expect(nextVersionName('isbi-base8', taken)).toBe('isbi-base8 · 2');
  });

  it('given by the user get a number only where they are taken', () => {
    expect(freeVersionName('Mitochondria', ['general'])).toBe('Mitochondria');
    expect(freeVersionName('Mitochondria', ['Mitochondria'])).toBe('Mitochondria · 2');
    expect(freeVersionName('Mitochondria', ['Mitochondria', 'Mitochondria · 2'])).toBe(
      'Mitochondria · 3',
    );
    expect(freeVersionName('general · 2', ['general', 'general · 2'])).toBe('general · 3');
  });

  it('keep their number when they are long, and stay different', () => {
    const long = 'a'.repeat(60);
    const taken = [long];
    for (let n = 0; n < 4; n += 1) {
      const name = freeVersionName(long, taken);
      expect(name.length).toBeLessThanOrEqual(60);
      expect(taken).not.toContain(name);
      taken.push(name);
    }
  });
});
