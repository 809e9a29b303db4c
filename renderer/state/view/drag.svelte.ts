import type { DropTarget } from '../../strings/drop-strings';

/** What is dragged over the window, as far as it shows before it is let go: no names, only how many and of which kind. */
export type Dragged =
  | { readonly kind: 'files'; readonly count: number }
  /** Nothing that can be opened. */
  | { readonly kind: 'refused' };

/** Kinds of file that may be a stack: TIFF, and what the system has no kind for (folders too). */
const mayBeStack = (type: string): boolean => type === '' || /tiff|octet-stream/i.test(type);

/** Reads a drag's own description; null where it carries nothing from outside. */
export function draggedOf(
  types: readonly string[],
  items: readonly { readonly kind: string; readonly type: string }[],
): Dragged | null {
  if (!types.includes('Files')) return types.length > 0 ? { kind: 'refused' } : null;
  const files = items.filter(({ kind }) => kind === 'file');
  if (files.length > 0 && !files.some(({ type }) => mayBeStack(type))) return { kind: 'refused' };
  return { kind: 'files', count: files.length };
}

/** A drag over the window: what it carries, and the place it is over. */
export class DragState {
  over = $state.raw<Dragged | null>(null);
  target = $state<DropTarget>('open');
  #dropped: DropTarget = 'open';

  end(): void {
    this.over = null;
    this.target = 'open';
  }

  /** It was let go where it is; main says in a moment which files they were. */
  drop(): void {
    this.#dropped = this.target;
    this.end();
  }

  /** Where the files that main offers now were let go; once. */
  takeDropped(): DropTarget {
    const target = this.#dropped;
    this.#dropped = 'open';
    return target;
  }
}
