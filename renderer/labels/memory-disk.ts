import { StackId } from '#contract/ids';
import { applyTilePatch, type LabelPatch } from '#contract/label-patch';
import type { ProjectStep, EncodedEdit } from '#contract/project-step';
import { TILE_PIXELS } from '#contract/tiles';
import { entryOf, headOf, recordedStep, type Edit } from './edit';
import { LabelSession, type LabelSessionOptions } from './label-session';
import type { Clock } from './outbox';

/** Time that passes when a test says so. */
export class TestClock implements Clock {
  #now = 0;
  #calls: { at: number; call: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, call: () => void): () => void {
    const entry = { at: this.#now + milliseconds, call };
    this.#calls.push(entry);
    return () => {
      this.#calls = this.#calls.filter((other) => other !== entry);
    };
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#calls.filter(({ at }) => at <= this.#now);
    this.#calls = this.#calls.filter(({ at }) => at > this.#now);
    for (const { call } of due) call();
  }
}

/** The other side of a label session, for tests: a journal and tiles in memory, with failures on order. */
export class MemoryDisk {
  readonly clock = new TestClock();
  readonly journal: Edit[] = [];
  readonly sent: EncodedEdit[] = [];
  readonly #tiles = new Map<string, Uint8Array>();
  /** Makes every send fail with it. */
  failure: Error | null = null;
  /** Takes the patch, then loses the answer. */
  loseAnswers = false;

  readonly fetchTile = (z: number, tx: number, ty: number): Promise<Uint8Array | null> =>
    Promise.resolve(this.tile(z, tx, ty)?.slice() ?? null);

  readonly send = (step: EncodedEdit): Promise<number> => {
    this.sent.push(step);
    if (this.failure) return Promise.reject(this.failure);
    const entry = entryOf(step);
    const { sequence } = headOf(entry);
    if (!this.journal.some((other) => headOf(other).sequence === sequence))
      this.journal.push(entry);
    if (entry.kind === 'labels') this.#apply(entry.patch);
    if (this.loseAnswers) return Promise.reject(new Error('the answer was lost'));
    return Promise.resolve(sequence);
  };

  /** The patches of the journal, oldest first. */
  get patches(): LabelPatch[] {
    return this.journal.flatMap((entry) => (entry.kind === 'labels' ? [entry.patch] : []));
  }

  /** The project's other steps in the journal, oldest first. */
  get projectSteps(): ProjectStep[] {
    return this.journal.flatMap((entry) => (entry.kind === 'project' ? [entry.step] : []));
  }

  /** The journal as main tells it when a project opens. */
  recorded(): EncodedEdit[] {
    return this.journal.map(recordedStep);
  }

  tile(z: number, tx: number, ty: number): Uint8Array | undefined {
    return this.#tiles.get(`${String(z)}/${String(tx)}/${String(ty)}`);
  }

  session(width: number, height: number, changes: Partial<LabelSessionOptions> = {}): LabelSession {
    return new LabelSession({
      stack: StackId.parse('stack-1'),
      layer: 'classes',
      width,
      height,
      lastSequence: this.#lastSequence,
      access: 'read-write',
      fetchTile: this.fetchTile,
      send: this.send,
      clock: this.clock,
      ...changes,
    });
  }
  get #lastSequence(): number {
    const last = this.journal.at(-1);
    return last ? headOf(last).sequence : 0;
  }

  #apply(patch: LabelPatch): void {
    for (const tile of patch.tiles) {
      const key = `${String(patch.z)}/${String(tile.tx)}/${String(tile.ty)}`;
      const pixels = this.#tiles.get(key) ?? new Uint8Array(TILE_PIXELS);
      applyTilePatch(pixels, tile);
      this.#tiles.set(key, pixels);
    }
  }
}
