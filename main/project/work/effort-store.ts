import type { Effort } from '#contract/entities';
import type { VoxelEdit } from '#volume/voxel-edit';
import { decodeEdit } from '#volume/voxel-edit-codec';
import { writeFileAtomic } from '../../storage/atomic-file';
import {
  effortPath,
  encodeEffort,
  LARGEST_EFFORT,
  parseEffort,
  type CountedEffort,
} from './effort-file';
import { readFileIfSound, type FileSystem } from '../../storage/file-system';
import { handPixels } from './hand-pixels';
import type { Recovered } from '../../storage/recovery/recovery';

/** Changes wait this long, so that quick strokes make one file. */
const SAVE_DELAY_MS = 2000;

export interface EffortParts {
  readonly files: FileSystem;
  readonly project: string;
  readonly recovered: Recovered;
  /** Throws where the project may not be written. */
  readonly assertWritable: () => void;
}

/**
 * What was put into a project by hand, in effort.json. It is written a moment
 * after something was counted and no stroke waits for it; what a kill left
 * uncounted is counted from the journal when the project opens. A file that
 * can't be written costs numbers, so it stops nothing and is tried again.
 */
export class EffortStore {
  private timer: NodeJS.Timeout | null = null;
  private saving: Promise<void> = Promise.resolve();
  private unsaved = false;
  /** Patches of one group are one step. */
  private group: string | null = null;
  private readonly listeners = new Set<(effort: Effort) => void>();

  private constructor(
    private readonly parts: EffortParts,
    private counted: CountedEffort,
  ) {}

  /** A file that is damaged or not there: counting begins now. */
  static async open(parts: EffortParts): Promise<EffortStore> {
    const { files, project, recovered } = parts;
    const bytes = await readFileIfSound(files, effortPath(project), LARGEST_EFFORT);
    const kept = bytes && parseEffort(bytes);
    const fresh: CountedEffort = {
      since: new Date().toISOString(),
      ...{ activeSeconds: 0, strokes: 0, takenBack: 0, pixels: 0 },
      sequence: recovered.lastSequence,
    };
    const store = new EffortStore(parts, kept ?? fresh);
    // From now on a kill loses nothing: what is past this step is counted at the next opening.
    if (kept === null) store.soon();
    for (const { kind, sequence, payload } of recovered.replay)
      if (kind === 'label-patch' && sequence > store.counted.sequence)
        store.stroke(decodeEdit(payload));
    return store;
  }

  get effort(): Effort {
    const { sequence: _, ...effort } = this.counted;
    return effort;
  }

  /** Hears of other numbers, a moment after they changed; returns the disposer. */
  onChange(listener: (effort: Effort) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Takes a step in that is in the journal. */
  stroke(edit: VoxelEdit): void {
    this.count(edit);
    this.soon();
  }

  /** Takes in time at the canvas. */
  active(seconds: number): void {
    this.counted = { ...this.counted, activeSeconds: this.counted.activeSeconds + seconds };
    this.soon();
  }

  /** Writes what is not yet written. */
  async flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.saving = this.saving.then(() => this.write());
    await this.saving;
  }

  private count(edit: VoxelEdit): void {
    const { sequence, action } = edit;
    const pixels = handPixels(edit);
    const group = edit.group === undefined ? null : `${action} ${String(edit.group)}`;
    const isNew = group === null || group !== this.group;
    this.group = group;
    const { strokes, takenBack, pixels: before } = this.counted;
    this.counted = { ...this.counted, sequence };
    if (pixels === 0) return;
    const one = isNew ? 1 : 0;
    switch (action) {
      case 'do':
        this.counted = { ...this.counted, strokes: strokes + one, pixels: before + pixels };
        return;
      case 'undo':
        this.counted = { ...this.counted, takenBack: takenBack + one };
        return;
      case 'redo':
        this.counted = { ...this.counted, takenBack: Math.max(0, takenBack - one) };
    }
  }

  private soon(): void {
    this.unsaved = true;
    this.timer ??= setTimeout(() => {
      void this.flush();
      for (const listener of this.listeners) listener(this.effort);
    }, SAVE_DELAY_MS);
    this.timer.unref();
  }

  private async write(): Promise<void> {
    if (!this.unsaved) return;
    this.unsaved = false;
    try {
      this.parts.assertWritable();
      const { files, project } = this.parts;
      await writeFileAtomic(effortPath(project), encodeEffort(this.counted), { files });
    } catch {
      // A disk that is full or gone is told by whoever writes a stroke there.
      this.unsaved = true;
    }
  }
}
