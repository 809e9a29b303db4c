import { isSettled } from '../labels/outbox';
import type { ProjectOpening, ProjectView } from '#contract/entities';
import { fromErrorReport, MembranaError } from '#contract/errors';
import type { ProjectId } from '#contract/ids';
import { pixelUrl } from '#contract/pixel-url';
import type { ProjectChange, EncodedEdit } from '#contract/project-step';
import { LabelSession } from '#labels/label-session';
import type { Client } from '../api/client';
import { fetchPixels } from '../api/pixels';
import { abortSignalOf } from './abort-signal';
import type { Opening } from './opening';

export type SavedState = LabelSession['saved'];

/** Bytes of steps asked for when a project opens: enough for a long session's undo. */
const HISTORY_BYTES = 64 * 1024 * 1024;

const nothingWaiting: SavedState = { kind: 'saved', sequence: 0 };

/** Longest name of a step, in characters. */
const LONGEST_NAME = 120;

function send(
  client: Client,
  at: ProjectOpening,
  step: EncodedEdit,
): Promise<{ sequence: number }> {
  switch (step.kind) {
    case 'labels':
      return client['labels.append']({ at, patch: new Uint8Array(step.patch) });
    case 'project':
      return client['project.apply']({ at, step: step.step });
  }
}

/** The labels of the open project and the history of its steps: what can be taken back, and whether all of it is on disk. */
export class PaintingState {
  session = $state.raw<LabelSession | null>(null);
  undoName = $state<string | null>(null);
  redoName = $state<string | null>(null);
  saved = $state.raw<SavedState>(nothingWaiting);
  /** Another layer is on its way into the window: no step is taken back meanwhile. */
  changesLayer = $state(false);
  /** Resolves when undo reaches back into what was done before this layer was shown. */
  recalled: Promise<void> = Promise.resolve();
  readonly #opening: Opening;
  readonly #apply: (change: ProjectChange) => void;
  #project: ProjectId | null = null;

  /** `apply` makes the window as a project step says. */
  constructor(opening: Opening, apply: (change: ProjectChange) => void) {
    this.#opening = opening;
    this.#apply = apply;
  }

  /** Steps wait that this project, which main has opened, is not the one to save. */
  waitsFor({ id }: Pick<ProjectView, 'id'> | { id: null }): boolean {
    return this.#project !== id && this.session !== null && !isSettled(this.session.saved);
  }

  /**
   * Resolves when every step is on the disk.
   * @throws MembranaError why that failed; the steps wait, and are tried again
   */
  async allSaved(): Promise<void> {
    const { session } = this;
    if (session === null || isSettled(session.saved)) return;
    await new Promise<void>((resolve, reject) => {
      const stop = session.onSaved((state) => {
        if (state.kind === 'saving') return;
        stop();
        if (state.kind === 'failed') reject(fromErrorReport(state.error));
        else resolve();
      });
      session.retryNow();
    });
  }

  /**
   * Changes something of the project besides label pixels, as one step of the
   * history: the window follows at once, the disk in its turn. `name` is what
   * "Undo …" says. Throws `project.read-only`; without a project nothing happens.
   */
  change(name: string, change: ProjectChange): void {
    this.session?.change(name.slice(0, LONGEST_NAME), change);
  }

  /**
   * Takes up a project that main has opened. Where it is the one that is open
   * here already (opened once more, its stack found again), what waits goes on
   * to it; with `behind` as new steps, for it went on without this window.
   */
  begin(project: ProjectView, client: Client, behind = false): void {
    this.#opening.take(project);
    const before = this.#project === project.id ? this.session : null;
    const isShown = before?.isOf({ stack: project.stack.id, layer: project.layer }) ?? false;
    const goesOn = !behind && isShown && before?.access === project.access.kind;
    if (before !== null && goesOn && before.follows(project.lastSequence)) {
      before.retryNow();
      return;
    }
    const unsaved = before?.unsaved() ?? [];
    this.leave();
    this.#opening.take(project);
    this.#project = project.id;
    const { id, info } = project.stack;
    const session: LabelSession = new LabelSession({
      stack: id,
      layer: project.layer,
      width: info.width,
      height: info.height,
      lastSequence: project.lastSequence,
      access: project.access.kind,
      fetchTile: async (z, tx, ty, signal) => {
        const at = { project: project.id, stack: id, layer: project.layer };
        const url = pixelUrl({ kind: 'labels', ...at, z, tx, ty });
        return (await fetchPixels(url, signal && abortSignalOf(signal)))?.bytes ?? null;
      },
      send: (step) => this.#deliver(session, project.id, client, step),
      clock: {
        now: () => performance.now(),
        after: (milliseconds, call) => {
          const timer = setTimeout(call, milliseconds);
          return () => {
            clearTimeout(timer);
          };
        },
      },
    });
    session.onSaved((state) => {
      this.saved = state;
    });
    session.onProjectChange(this.#apply);
    session.onHistory(() => {
      this.undoName = session.undoName;
      this.redoName = session.redoName;
    });
    this.saved = session.saved;
    this.session = session;
    if (session.access === 'read-write') session.takeOver(unsaved);
    this.recalled =
      project.access.kind === 'read-write' ? this.#recall(session, client) : Promise.resolve();
  }

  leave(): void {
    this.#opening.leave();
    this.#project = null;
    this.session?.dispose();
    this.session = null;
    this.undoName = null;
    this.redoName = null;
    this.saved = nothingWaiting;
  }

  /**
   * Sends a step under the opening that is in force. Main may have opened the
   * project again, or another one, without this window's knowing (an answer was
   * lost): what the window shows counts, so it asks for its project and goes on.
   */
  async #deliver(
    session: LabelSession,
    project: ProjectId,
    client: Client,
    step: EncodedEdit,
  ): Promise<number> {
    const at = this.#mine(session);
    try {
      return (await send(client, at, step)).sequence;
    } catch (error) {
      const code = error instanceof MembranaError ? error.code : null;
      if (code !== 'project.stale' && code !== 'project.out-of-step') throw error;
      if (code === 'project.out-of-step' || this.#mine(session) === at) {
        const view = await client['project.resume']({ project });
        this.#mine(session);
        this.begin(view, client, code === 'project.out-of-step');
      }
      // What waited may be another session's by now.
      return (await send(client, this.#mine(session), step)).sequence;
    }
  }

  /** The opening that a session's steps go to. @throws MembranaError project.stale when it is not the one in use */
  #mine(session: LabelSession): ProjectOpening {
    if (this.session === session) return this.#opening.here();
    throw new MembranaError(
      'project.stale',
      'The steps of another session are saved by that one.',
      {
        hint: 'Nothing is to be done.',
      },
    );
  }

  /** Undo reaches back into earlier sessions; without an answer it starts from here. */
  async #recall(session: LabelSession, client: Client): Promise<void> {
    const steps = await client['project.history']({
      at: this.#opening.here(),
      bytes: HISTORY_BYTES,
    }).catch(() => []);
    if (this.session === session) session.restoreHistory(steps);
  }
}
