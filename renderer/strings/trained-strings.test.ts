import { describe, expect, it } from 'vitest';
import { verdictLead } from '#contract/verdict-text';
import { trainedStrings as say } from './trained-strings';

describe('the card of a training', () => {
  it('says that labels cover the slice where nothing could change, not that nothing did', () => {
    expect(say.changed({ z: 3, pixels: 0, unlabelled: 0 }, true)).toBe(
      'Your labels cover all of slice 4, so nothing can change there: look at another slice.',
    );
    expect(say.changed({ z: 3, pixels: 0, unlabelled: 900 }, true)).toContain(
      'No pixel without a label',
    );
    expect(say.changed({ z: 3, pixels: 1, unlabelled: 9 }, true)).toBe(
      '1 pixel without a label changed on slice 4.',
    );
  });

  it('says what would change while the version is not in use: nothing has', () => {
    expect(say.changed({ z: 2, pixels: 44_490, unlabelled: 90_000 }, false)).toBe(
      '44,490 pixels without a label would change on slice 3.',
    );
    expect(say.changed({ z: 2, pixels: 0, unlabelled: 900 }, false)).toContain('would change');
  });

  it('names every slice that was left out, with its reason', () => {
    const left = [
      ...[0, 1, 2].map((z) => ({ z, reason: 'no-room' as const })),
      { z: 9, reason: 'unreadable' as const },
      { z: 11, reason: 'only-void' as const },
    ];
    expect(say.leftOut({ left, corrected: 31 })).toBe(
      '5 of 31 corrected slices were left out: slice 10 is damaged in the file; slice 12 holds only void labels; slices 1-3 are older or known already, and a round has room for 26 here.',
    );
  });

  it('says how many strokes the version obeys by itself', () => {
    const held = { before: 0.06, after: 0.651 };
    expect(say.obedience({ trained: { before: 0.04, after: 0.77 }, held })).toBe(
      'By itself it gets right 77 % (4 % before) of the strokes that it learnt from and 65 % (6 % before) of those that it never saw.',
    );
    expect(say.obedience({ trained: null, held: null })).toBeNull();
    const found = { name: 'mitochondria', trained: { before: null, after: 0.91 } };
    const fresh = { ...found, held: { before: null, after: 0.782 } };
    expect(say.obedience({ trained: null, held: null, classes: [fresh] })).toBe(
      'Of mitochondria it finds 91 % of the strokes that it learnt from and 78 % of those that it never saw.',
    );
    const again = { ...found, held: { before: 0.6, after: 0.8 } };
    expect(say.obedience({ trained: null, held, classes: [again] })).toBe(
      'By itself it gets right 65 % (6 % before) of those that it never saw. Of mitochondria it finds 91 % of the strokes that it learnt from and 80 % (60 % before) of those that it never saw.',
    );
  });

  it('does not say that a version is not in place once the user has put it there', () => {
    expect(say.yourChoice(`${verdictLead.offered}there are too few new strokes.`)).toBe(
      'In use by your choice. What was said of it: there are too few new strokes.',
    );
    expect(say.yourChoice(`${verdictLead['kept-aside']}cells merge.`)).not.toContain('aside');
  });

  it('says which version is in use, whatever the verdict was', () => {
    expect(say.trainedTitle('accepted', 'mine', null)).toBe('mine accepted');
    expect(say.trainedTitle('accepted', 'mine', 'general')).toBe('general is in use again');
    expect(say.trainedTitle('kept-aside', 'mine', 'general')).toBe('mine kept aside');
    expect(say.trainedTitle('kept-aside', 'mine', null)).toBe('mine is in use');
    expect(say.trainedTitle('offered', 'mine', 'general')).toBe('mine is ready to try');
  });
});
