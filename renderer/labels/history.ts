import { entryBytes, headOf, invertEntry, withHead, type Edit } from './edit';

/** Enough for thousands of strokes, or some sixty confirmed slices of 2048². */
export const UNDO_BUDGET = 256 * 1024 * 1024;

/**
 * Undo and redo across slices and over everything that is a step, budgeted in
 * bytes: the oldest steps go first. A step is held as the entry that does it;
 * taking it back applies the inverse.
 */
export class StepHistory {
  readonly #budget: number;
  #undo: Edit[] = [];
  #redo: Edit[] = [];
  #bytes = 0;

  constructor(budget: number = UNDO_BUDGET) {
    this.#budget = budget;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Name of the step that undo would take back. */
  get undoName(): string | null {
    return nameOf(this.#undo.at(-1));
  }

  get redoName(): string | null {
    return nameOf(this.#redo.at(-1));
  }

  /** Group of the step that undo would take back. */
  get undoGroup(): number | undefined {
    return groupOf(this.#undo.at(-1));
  }

  get redoGroup(): number | undefined {
    return groupOf(this.#redo.at(-1));
  }

  /** What undo or redo would do now, as it would be applied: one step, or a group as a whole; empty when there is none. */
  upcoming(direction: 'undo' | 'redo'): Edit[] {
    const steps = direction === 'undo' ? this.#undo : this.#redo;
    const last = steps.at(-1);
    if (!last) return [];
    const group = groupOf(last);
    const before = steps.findLastIndex((entry) =>
      group === undefined ? entry !== last : groupOf(entry) !== group,
    );
    const found = steps.slice(before + 1).reverse();
    return direction === 'redo' ? found : found.map((entry) => invertEntry(entry, 'undo', 0));
  }

  /** A new step; what had been taken back before is forgotten. */
  record(entry: Edit): void {
    for (const old of this.#redo) this.#bytes -= entryBytes(old);
    this.#redo = [];
    this.#bytes += entryBytes(entry);
    this.#undo.push(entry);
    this.#trim();
  }

  /** The entry that takes the last step back, numbered `sequence`; null when there is none. */
  undo(sequence: number): Edit | null {
    const entry = this.#undo.pop();
    if (!entry) return null;
    this.#redo.push(entry);
    return invertEntry(entry, 'undo', sequence);
  }

  /** The entry that does the last undone step again, numbered `sequence`; null when there is none. */
  redo(sequence: number): Edit | null {
    const entry = this.#redo.pop();
    if (!entry) return null;
    this.#undo.push(entry);
    return withHead(entry, 'redo', sequence);
  }

  /**
   * Puts what journalled entries (oldest first; the beginning may be missing)
   * tell beneath the steps that are here. Once a step was recorded here, what
   * had been taken back before it can't be done again.
   */
  restoreBeneath(entries: Iterable<Edit>): void {
    const mine = { undo: this.#undo, redo: this.#redo };
    this.#undo = [];
    this.#redo = [];
    this.#replay(entries);
    if (mine.undo.length + mine.redo.length > 0) {
      for (const forgotten of this.#redo) this.#bytes -= entryBytes(forgotten);
      this.#undo.push(...mine.undo);
      this.#redo = mine.redo;
    }
    this.#trim();
  }

  #replay(entries: Iterable<Edit>): void {
    let cut: number | null = null;
    for (const entry of entries) {
      const { action, sequence, group } = headOf(entry);
      // A group whose beginning is missing can't be taken back as a whole.
      cut ??= action === 'do' && group !== undefined && group < sequence ? group : 0;
      if (cut !== 0 && cut === group) continue;
      cut = 0;
      switch (action) {
        case 'do':
          this.record(entry);
          break;
        case 'undo': {
          const step = this.#undo.pop() ?? this.#counted(invertEntry(entry, 'do', sequence));
          this.#redo.push(step);
          break;
        }
        case 'redo': {
          const step = this.#redo.pop() ?? this.#counted(withHead(entry, 'do', sequence));
          this.#undo.push(step);
          break;
        }
      }
    }
  }

  #counted(entry: Edit): Edit {
    this.#bytes += entryBytes(entry);
    return entry;
  }

  #trim(): void {
    let drop = 0;
    const next = (): Edit | undefined => this.#undo[drop];
    let group: number | undefined;
    // A group goes as a whole: half of it taken back would be a state that never was.
    while (next() && (this.#bytes > this.#budget || (group ?? -1) === groupOf(next()))) {
      const oldest = next();
      if (oldest) this.#bytes -= entryBytes(oldest);
      group = groupOf(oldest);
      drop += 1;
    }
    if (drop > 0) this.#undo.splice(0, drop);
  }
}

function groupOf(entry: Edit | undefined): number | undefined {
  return entry && headOf(entry).group;
}

function nameOf(entry: Edit | undefined): string | null {
  return entry ? headOf(entry).name : null;
}
