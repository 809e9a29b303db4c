import { MembranaError } from '#contract/errors';
import { checksum } from '../checksum';
import type { Journal } from '../journal/journal';
import type { RecordKind } from '../journal/journal-record';
import type { Recovered } from './recovery';

/** Sequences whose content is remembered, to tell a repeated step from another one. */
const REMEMBERED = 4096;

const names: Readonly<Record<RecordKind, string>> = { 'label-patch': 'stroke', step: 'step' };

const taken = (kind: RecordKind): string => `another ${names[kind]} has this number`;

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
   * @throws MembranaError project.out-of-step when it is neither the next one nor known; `durable` too where the journal has to be read for it
   */
  append(kind: RecordKind, sequence: number, payload: Uint8Array): Appended {
    const { journal } = this;
    if (!journal) throw new Error('a read-only project has no journal to write');
    const content = checksum(payload);
    if (sequence <= journal.lastSequence) {
      const known = this.contents.get(sequence);
      if (known === undefined)
        return { isNew: false, durable: this.mustBe(journal, kind, sequence, content) };
      if (known !== content) throw this.outOfStep(kind, sequence, taken(kind));
      return { isNew: false, durable: this.inFlight.get(sequence) ?? Promise.resolve() };
    }
    const expected = journal.lastSequence + 1;
    if (sequence !== expected)
      throw this.outOfStep(kind, sequence, `${names[kind]} ${String(expected)} comes first`);
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

  /** A number from before this opening or long ago: only what the journal has of it can say whether it is the same step. */
  private async mustBe(
    journal: Journal,
    kind: RecordKind,
    sequence: number,
    content: number,
  ): Promise<void> {
    for await (const record of journal.readAfter(sequence - 1)) {
      if (record.sequence !== sequence) break;
      if (record.kind !== kind || checksum(record.payload) !== content) break;
      return;
    }
    throw this.outOfStep(kind, sequence, taken(kind));
  }

  private remember(sequence: number, content: number): void {
    this.contents.set(sequence, content);
    this.contents.delete(sequence - REMEMBERED);
  }

  private outOfStep(kind: RecordKind, sequence: number, reason: string): MembranaError {
    const name = kind === 'step' ? 'Step' : 'Stroke';
    return new MembranaError(
      'project.out-of-step',
      `${name} ${String(sequence)} was not saved: ${reason}.`,
      {
        hint: 'Reopen the project; what was saved before is kept.',
        data: { sequence, expected: this.lastSequence + 1 },
      },
    );
  }
}
