import { describe, expect, it } from 'vitest';
import { StackId } from '#contract/ids';
import { invertPatch, patchBytes, type LabelPatch } from '#contract/label-patch';
import { StepHistory } from './history';
import { headOf, type Edit } from './edit';

function patch(sequence: number, pixels = 1000): LabelPatch {
  return {
    stack: StackId.parse('s'),
    layer: 'classes',
    element: 'uint8',
    z: sequence % 3,
    sequence,
    action: 'do',
    name: `Step ${String(sequence)}`,
    tiles: [
      {
        tx: 0,
        ty: 0,
        runs: Uint32Array.of(0, pixels),
        before: { kind: 'pixels', values: new Uint8Array(pixels) },
        after: { kind: 'uniform', value: 2 },
      },
    ],
  };
}

const entry = (of: LabelPatch): Edit => ({ kind: 'labels', patch: of });

describe('the undo history', () => {
  it('holds at most its budget in bytes and forgets the oldest first', () => {
    const budget = 10 * patchBytes(patch(1)) + 10;
    const history = new StepHistory(budget);
    for (let i = 1; i <= 25; i += 1) history.record(entry(patch(i)));
    expect(history.bytes).toBeLessThanOrEqual(budget);
    const undone: number[] = [];
    for (let i = 26; ; i += 1) {
      const step = history.undo(i);
      if (!step) break;
      undone.push(Number(headOf(step).name.slice(5)));
    }
    expect(undone).toEqual([25, 24, 23, 22, 21, 20, 19, 18, 17, 16]);
    expect(history.bytes).toBe(10 * patchBytes(patch(1)));
    history.record(entry(patch(40)));
    expect(history.redoName).toBeNull();
    expect(history.bytes).toBe(patchBytes(patch(40)));
  });

  it('comes back from a journal whose beginning is gone', () => {
    const one = patch(1);
    const two = patch(2);
    const history = new StepHistory();
    history.restoreBeneath(
      [two, invertPatch(two, 'undo', 3), invertPatch(one, 'undo', 4)].map(entry),
    );
    expect(history.undoName).toBeNull();
    expect(history.redoName).toBe('Step 1');
    expect(history.redo(5)).toEqual(entry({ ...one, action: 'redo', sequence: 5 }));
    expect(history.redoName).toBe('Step 2');
    expect(history.undo(6)).toEqual(entry(invertPatch(one, 'undo', 6)));

    const late = new StepHistory();
    late.restoreBeneath([entry({ ...one, action: 'redo', sequence: 9 })]);
    expect(late.undoName).toBe('Step 1');
  });

  it('offers no part of a step whose beginning the journal has no more', () => {
    const part = [5, 6, 7].map((sequence) => ({ ...patch(sequence), group: 4 }));
    const history = new StepHistory();
    history.restoreBeneath([...part, patch(8)].map(entry));
    expect(history.undoName).toBe('Step 8');
    history.undo(9);
    expect(history.undoName).toBeNull();
    const whole = new StepHistory();
    whole.restoreBeneath([4, 5].map((sequence) => entry({ ...patch(sequence), group: 4 })));
    expect(whole.undoName).toBe('Step 5');
  });
});
