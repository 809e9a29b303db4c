import { describe, expect, it } from 'vitest';
import { DragState, draggedOf } from './drag.svelte';

const file = (type: string) => ({ kind: 'file', type });

describe('what is dragged', () => {
  it('may be opened when a TIFF or something without a kind is among it, folders too', () => {
    expect(draggedOf(['Files'], [file('image/tiff')])).toEqual({ kind: 'files', count: 1 });
    expect(draggedOf(['Files'], [file(''), file('image/png')])).toEqual({
      kind: 'files',
      count: 2,
    });
    // Some systems tell nothing before the drop.
    expect(draggedOf(['Files'], [])).toEqual({ kind: 'files', count: 0 });
  });

  it('is refused when it can be no stack', () => {
    expect(draggedOf(['Files'], [file('image/png'), file('application/pdf')])).toEqual({
      kind: 'refused',
    });
    expect(draggedOf(['text/plain'], [{ kind: 'string', type: 'text/plain' }])).toEqual({
      kind: 'refused',
    });
    expect(draggedOf([], [])).toBeNull();
  });

  it('is let go at one place, once', () => {
    const drag = new DragState();
    drag.over = { kind: 'files', count: 1 };
    drag.target = 'truth';
    drag.drop();
    expect(drag.over).toBeNull();
    expect([drag.takeDropped(), drag.takeDropped()]).toEqual(['truth', 'open']);
  });
});
