import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelId, StackId } from './ids';
import {
  decodeStep,
  encodeStep,
  invertChange,
  invertStep,
  ProjectStep,
  type ProjectChange,
} from './project-step';

const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/);
const model = word.map((id) => ModelId.parse(id));
const labelClass = fc.record({
  name: fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }).filter((s) => s.length <= 60),
  colour: fc.stringMatching(/^#[0-9a-f]{6}$/),
  key: fc.option(fc.integer({ min: 1, max: 9 })),
  locked: fc.boolean(),
});
const classes = fc
  .array(labelClass, { minLength: 1, maxLength: 12 })
  .map((all) => all.map((each, i) => ({ id: i + 1, ...each })));
const visibility = fc.constantFrom('hidden' as const, 'shown' as const);
const change: fc.Arbitrary<ProjectChange> = fc.oneof(
  fc.record({ kind: fc.constant('classes' as const), before: classes, after: classes }),
  fc.record({
    kind: fc.constant('model' as const),
    before: fc.option(model),
    after: fc.option(model),
  }),
  fc.record({
    kind: fc.constant('predictions' as const),
    stack: word.map((id) => StackId.parse(id)),
    model,
    slices: fc.uniqueArray(fc.nat(5000), { minLength: 1, maxLength: 40 }),
    before: visibility,
    after: visibility,
  }),
);
const step: fc.Arbitrary<ProjectStep> = fc
  .record({
    sequence: fc.integer({ min: 1, max: 2 ** 40 }),
    action: fc.constantFrom('do' as const, 'undo' as const, 'redo' as const),
    name: fc.string({ minLength: 1, maxLength: 60 }),
    change,
  })
  .map((made) => ProjectStep.parse(made));

const rename: ProjectStep = {
  sequence: 4,
  action: 'do',
  name: 'Rename class',
  change: {
    kind: 'classes',
    before: [{ id: 2, name: 'membrane', colour: '#e69f00', key: 2, locked: false }],
    after: [{ id: 2, name: 'Zellgrenze ½ 細胞膜', colour: '#e69f00', key: 2, locked: true }],
  },
};

describe('a project step', () => {
  it('comes back from its bytes as it was', () => {
    fc.assert(
      fc.property(step, (made) => {
        expect(decodeStep(encodeStep(made))).toEqual(made);
      }),
      { seed: 2026 },
    );
    expect(decodeStep(encodeStep(rename))).toEqual(rename);
    expect(encodeStep(rename).every((byte) => byte < 128)).toBe(true);
  });

  it('taken back twice is the step itself', () => {
    fc.assert(
      fc.property(step, (made) => {
        const undone = invertStep(made, 'undo', made.sequence + 1);
        expect(undone.change.after).toEqual(made.change.before);
        expect(invertChange(undone.change)).toEqual(made.change);
      }),
      { seed: 2026 },
    );
  });

  it.each<[string, unknown]>([
    ['no JSON', 'nonsense'],
    ['a field that we do not know', { ...rename, colour: 1 }],
    [
      'a change that we do not know',
      { ...rename, change: { kind: 'skeleton', before: 1, after: 2 } },
    ],
    ['a field more in its change', { ...rename, change: { ...rename.change, stack: 's' } }],
    ['no name', { ...rename, name: '' }],
    ['a class twice', { ...rename, change: { ...rename.change, after: twice() } }],
    ['a class with a field more', { ...rename, change: { ...rename.change, after: hairy() } }],
    ['no class at all', { ...rename, change: { ...rename.change, after: [] } }],
    ['sequence 0', { ...rename, sequence: 0 }],
    [
      'a model that is a path',
      { ...rename, change: { kind: 'model', before: null, after: '../x' } },
    ],
  ])('with %s is refused', (_, value) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    expect(() => decodeStep(Buffer.from(text))).toThrow(
      expect.objectContaining({ code: 'project.step-invalid' }),
    );
  });

  it('with a key that would reach into prototypes is refused', () => {
    const text = JSON.stringify(rename).replace('"sequence"', '"__proto__":{"x":1},"sequence"');
    expect(() => decodeStep(Buffer.from(text))).toThrow(/could not be read/);
  });
});

function hairy(): unknown[] {
  return [{ id: 2, name: 'a', colour: '#000000', hairs: 3 }];
}

function twice(): unknown[] {
  return [
    { id: 2, name: 'a', colour: '#000000' },
    { id: 2, name: 'b', colour: '#000000' },
  ];
}
