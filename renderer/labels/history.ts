import { invertPatch, patchBytes, type LabelPatch } from '#contract/label-patch';

/** Enough for thousands of strokes, or some sixty confirmed slices of 2048². */
export const UNDO_BUDGET = 256 * 1024 * 1024;

/**
 * Undo and redo across slices, budgeted in bytes: the oldest steps go first.
 * A step is held as the patch that does it; taking it back applies the inverse.
 */
export class LabelHistory {
  readonly #budget: number;
  #undo: LabelPatch[] = [];
  #redo: LabelPatch[] = [];
  #bytes = 0;

  constructor(budget: number = UNDO_BUDGET) {
    this.#budget = budget;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Name of the step that undo would take back. */
  get undoName(): string | null {
    return this.#undo.at(-1)?.name ?? null;
  }

  get redoName(): string | null {
    return this.#redo.at(-1)?.name ?? null;
  }

  /** A new step; what had been taken back before is forgotten. */
  record(patch: LabelPatch): void {
    for (const old of this.#redo) this.#bytes -= patchBytes(old);
    this.#redo = [];
    this.#bytes += patchBytes(patch);
    this.#undo.push(patch);
    this.#trim();
  }

  /** The patch that takes the last step back, numbered `sequence`; null when there is none. */
  undo(sequence: number): LabelPatch | null {
    const patch = this.#undo.pop();
    if (!patch) return null;
    this.#redo.push(patch);
    return invertPatch(patch, 'undo', sequence);
  }

  /** The patch that does the last undone step again, numbered `sequence`; null when there is none. */
  redo(sequence: number): LabelPatch | null {
    const patch = this.#redo.pop();
    if (!patch) return null;
    this.#undo.push(patch);
    return { ...patch, action: 'redo', sequence };
  }

  /**
   * Puts what journalled patches (oldest first; the beginning may be missing)
   * tell beneath the steps that are here. Once a step was recorded here, what
   * had been taken back before it can't be done again.
   */
  restoreBeneath(patches: Iterable<LabelPatch>): void {
    const mine = { undo: this.#undo, redo: this.#redo };
    this.#undo = [];
    this.#redo = [];
    this.#replay(patches);
    if (mine.undo.length + mine.redo.length > 0) {
      for (const forgotten of this.#redo) this.#bytes -= patchBytes(forgotten);
      this.#undo.push(...mine.undo);
      this.#redo = mine.redo;
    }
    this.#trim();
  }

  #replay(patches: Iterable<LabelPatch>): void {
    for (const patch of patches) {
      switch (patch.action) {
        case 'do':
          this.record(patch);
          break;
        case 'undo': {
          const step = this.#undo.pop() ?? this.#counted(invertPatch(patch, 'do', patch.sequence));
          this.#redo.push(step);
          break;
        }
        case 'redo': {
          const step = this.#redo.pop() ?? this.#counted({ ...patch, action: 'do' });
          this.#undo.push(step);
          break;
        }
      }
    }
  }

  #counted(patch: LabelPatch): LabelPatch {
    this.#bytes += patchBytes(patch);
    return patch;
  }

  #trim(): void {
    let drop = 0;
    while (this.#bytes > this.#budget && drop < this.#undo.length) {
      const oldest = this.#undo[drop];
      if (oldest) this.#bytes -= patchBytes(oldest);
      drop += 1;
    }
    if (drop > 0) this.#undo.splice(0, drop);
  }
}
