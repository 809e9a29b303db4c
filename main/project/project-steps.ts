import { MembranaError } from '#contract/errors';
import type { ModelId, StackId } from '#contract/ids';
import {
  decodeStep,
  encodeStep,
  type ProjectChange,
  type ProjectStep,
} from '#contract/project-step';
import type { Ledger } from '../storage/recovery/ledger';
import type { ProjectDocument } from './project-document';
import type { HiddenPredictions, ProjectFile, StackEntry } from './project-file';
import { arranged } from './arrangement';
import type { Recovered } from '../storage/recovery/recovery';

type PredictionChange = Extract<ProjectChange, { kind: 'predictions' }>;

function hiddenAfter(
  hidden: readonly HiddenPredictions[],
  { model, slices, after }: Pick<PredictionChange, 'model' | 'slices' | 'after'>,
): HiddenPredictions[] {
  const known = new Set(hidden.find((entry) => entry.model === model)?.slices ?? []);
  for (const z of slices) {
    if (after === 'hidden') known.add(z);
    else known.delete(z);
  }
  const rest = hidden.filter((entry) => entry.model !== model);
  return known.size === 0 ? rest : [...rest, { model, slices: [...known].sort((a, b) => a - b) }];
}

function stacksAfter(stacks: readonly StackEntry[], change: PredictionChange): StackEntry[] {
  return stacks.map((entry) =>
    entry.id === change.stack
      ? { ...entry, hiddenPredictions: hiddenAfter(entry.hiddenPredictions, change) }
      : entry,
  );
}

/** What a change makes of project.json; applying it twice is harmless. */
export function changeContent(content: ProjectFile, change: ProjectChange): Partial<ProjectFile> {
  switch (change.kind) {
    case 'classes':
      return { classes: change.after };
    case 'model':
      return { model: change.after };
    case 'predictions':
      return { stacks: stacksAfter(content.stacks, change) };
    case 'layers':
      return { stacks: arranged(content.stacks, change.after) };
  }
}

export interface ProjectStepsParts {
  readonly document: ProjectDocument;
  readonly ledger: Ledger;
  readonly recovered: Recovered;
  /** A step that can't be read; the rest of the project opens all the same. */
  readonly onWarning: (error: MembranaError) => void;
}

/**
 * The steps of a project that are no label patches. The journal is the truth:
 * a step counts once it is flushed there, and project.json follows a moment
 * later, with the sequence of the last step that it holds. Opening does again
 * what the journal has past that sequence.
 */
export class ProjectSteps {
  /** Steps in the journal, or on their way to it, that project.json on the disk or its copy may lack. */
  private readonly unwritten = new Set<number>();
  private readonly hidden = new WeakMap<readonly number[], ReadonlySet<number>>();
  /** Steps are applied one after another, in the order of their sequences. */
  private applying: Promise<void> = Promise.resolve();

  private constructor(
    private readonly parts: ProjectStepsParts,
    /** Steps that opening had to do again. */
    readonly replayed: number,
  ) {}

  /** Does again what project.json does not have yet, in memory; with `writes` on the disk in a moment. */
  static async open(parts: ProjectStepsParts, writes: boolean): Promise<ProjectSteps> {
    const { document, recovered, onWarning } = parts;
    if (document.content.stepSequence > recovered.lastSequence) {
      // The journal lost its end, or was deleted: its numbers begin again below ours.
      const change = { stepSequence: recovered.lastSequence };
      if (writes) await document.change(change);
      else document.replace(change);
    }
    const known = document.content.stepSequence;
    const later = recovered.steps.filter(({ sequence }) => sequence > known);
    const steps = new ProjectSteps(parts, later.length);
    for (const { sequence, payload } of later) {
      try {
        const { change } = decodeStep(payload);
        document.replace({ ...changeContent(document.content, change), stepSequence: sequence });
        steps.unwritten.add(sequence);
      } catch (error) {
        if (!(error instanceof MembranaError)) throw error;
        onWarning(error);
      }
    }
    if (writes && later.length > 0) document.changeSoon({});
    return steps;
  }

  /**
   * Saves one step; resolves when the journal is on the disk and the project
   * is as the step says. A step that is known already is acknowledged again.
   *
   * @throws MembranaError project.out-of-step, disk.full, file.write-failed
   */
  async apply(step: ProjectStep): Promise<{ sequence: number }> {
    const { document, ledger } = this.parts;
    const { sequence, change } = step;
    const { isNew, durable } = ledger.append('step', sequence, encodeStep(step));
    if (isNew) {
      this.unwritten.add(sequence);
      this.applying = this.applying.then(async () => {
        try {
          await durable;
        } catch {
          this.unwritten.delete(sequence);
          return;
        }
        document.changeSoon({
          ...changeContent(document.content, change),
          stepSequence: sequence,
        });
      });
    }
    await durable;
    await this.applying;
    return { sequence };
  }

  /**
   * Records up to `sequence` are to leave the journal: writes project.json and
   * its copy where they may lack a step of them. Returns up to where they may go.
   *
   * @throws MembranaError disk.full, file.write-failed; then none may go
   */
  async release(sequence: number): Promise<number> {
    const { document } = this.parts;
    if (Math.min(...this.unwritten) <= sequence) {
      const { stepSequence } = document.content;
      await document.flush();
      await document.backUp();
      for (const written of this.unwritten)
        if (written <= stepSequence) this.unwritten.delete(written);
    }
    return Math.min(sequence, ...[...this.unwritten].map((unwritten) => unwritten - 1));
  }

  /** A prediction that a step took out of view. */
  hides(stack: StackId, model: ModelId, z: number): boolean {
    const entry = this.parts.document.content.stacks.find(({ id }) => id === stack);
    return (
      entry?.hiddenPredictions.some(
        (hidden) => hidden.model === model && this.setOf(hidden.slices).has(z),
      ) ?? false
    );
  }

  /** As a set, since every prediction of a long stack asks. */
  private setOf(slices: readonly number[]): ReadonlySet<number> {
    const known = this.hidden.get(slices) ?? new Set(slices);
    this.hidden.set(slices, known);
    return known;
  }

  /** A prediction was made anew, so it is in view whatever a step said of the one before. */
  show(stack: StackId, model: ModelId, z: number): void {
    if (!this.hides(stack, model, z)) return;
    const { document } = this.parts;
    const change: ProjectChange = {
      kind: 'predictions',
      stack,
      model,
      slices: [z],
      before: 'hidden',
      after: 'shown',
    };
    document.changeSoon(changeContent(document.content, change));
  }

  /** Resolves when every step so far is applied or has failed. */
  async settled(): Promise<void> {
    await this.applying;
  }
}
