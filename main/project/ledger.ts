import { MembranaError } from '#contract/errors';
import { checksum } from './checksum';
import type { Journal } from './journal';
import type { RecordKind } from './journal-record';
import type { Recovered } from './recovery';

/** Sequences whose content is remembered, to tell a repeated step from another one. */
const REMEMBERED = 4096;

const names: Readonly<Record<RecordKind, string>> = { 'label-patch': 'stroke', step: 'step' };

export interface Appended {
  /** False for a step that was known already: it is acknowledged again, and not applied twice. */
  readonly isNew: boolean;
  /** Resolves when the journal is on the disk; rejects when nothing of this step counts. */
  readonly durable: Promise<void>;
}

/**
 * The one order of everything that the window does to a project, label patches
 * and other steps alike: it takes the next number alone, and knows a step that
 * comes once more because its answer was lost.
 */
export class Ledger {
  private readonly inFlight = new Map<number, Promise<void>>();
  private readonly contents = new Map<number, number>();

  constructor(
    private readonly journal: Journal | null,
    private readonly recovered: Recovered,
  ) {
    for (const { sequence, payload } of recovered.replay)
      this.remember(sequence, checksum(payload));
  }

  /** Sequence of the last step accepted. */
  get lastSequence(): number {
    return this.journal?.lastSequence ?? this.recovered.lastSequence;
  }

  /**
   * Puts a step into the journal, which the caller may write.
   *
   * @throws MembranaError labels.patch-invalid, project.step-invalid when it is not the next one
   */
  append(kind: RecordKind, sequence: number, payload: Uint8Array): Appended {
    const { journal } = this;
    if (!journal) throw new Error('a read-only project has no journal to write');
    const content = checksum(payload);
    if (sequence <= journal.lastSequence) {
      const known = this.contents.get(sequence);
      if (known !== undefined && known !== content)
        throw this.outOfOrder(kind, sequence, `another ${names[kind]} has this number`);
      return { isNew: false, durable: this.inFlight.get(sequence) ?? Promise.resolve() };
    }
    const expected = journal.lastSequence + 1;
    if (sequence !== expected)
      throw this.outOfOrder(kind, sequence, `${names[kind]} ${String(expected)} comes first`);
    const { durable } = journal.append(kind, Uint8Array.from(payload));
    this.remember(sequence, content);
    this.inFlight.set(sequence, durable);
    const ended = (kept: boolean): void => {
      if (this.inFlight.get(sequence) !== durable) return;
      this.inFlight.delete(sequence);
      if (!kept) this.contents.delete(sequence);
    };
    durable.then(
      () => {
        ended(true);
      },
      () => {
        ended(false);
      },
    );
    return { isNew: true, durable };
  }

  /** Resolves when everything that was appended is on the disk or has failed. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.inFlight.values());
  }

  private remember(sequence: number, content: number): void {
    this.contents.set(sequence, content);
    this.contents.delete(sequence - REMEMBERED);
  }

  private outOfOrder(kind: RecordKind, sequence: number, reason: string): MembranaError {
    const name = kind === 'step' ? 'Step' : 'Stroke';
    return new MembranaError(
      kind === 'step' ? 'project.step-invalid' : 'labels.patch-invalid',
      `${name} ${String(sequence)} was not saved: ${reason}.`,
      {
        hint: 'Reopen the project; what was saved before is kept.',
        data: { sequence, expected: this.lastSequence + 1 },
      },
    );
  }
}
