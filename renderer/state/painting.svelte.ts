import type { ProjectView } from '#contract/entities';
import { pixelUrl } from '#contract/pixel-url';
import type { ProjectChange, RecordedStep } from '#contract/project-step';
import type { CancelSignal } from '#labels/cancel-signal';
import { LabelSession } from '#labels/label-session';
import type { Client } from '../api/client';
import { fetchPixels } from '../api/pixels';

export type SavedState = LabelSession['saved'];

/** Bytes of steps asked for when a project opens: enough for a long session's undo. */
const HISTORY_BYTES = 64 * 1024 * 1024;

const nothingWaiting: SavedState = { kind: 'saved', sequence: 0 };

/** What `fetch` takes, for a signal that the labels hand on. */
function abortSignalOf(signal: CancelSignal): AbortSignal {
  if (signal instanceof AbortSignal) return signal;
  const abort = new AbortController();
  if (signal.aborted) abort.abort();
  signal.addEventListener(
    'abort',
    () => {
      abort.abort();
    },
    { once: true },
  );
  return abort.signal;
}

/** Longest name of a step, in characters. */
const LONGEST_NAME = 120;

function send(client: Client, step: RecordedStep): Promise<{ sequence: number }> {
  switch (step.kind) {
    case 'labels':
      return client['labels.append']({ patch: new Uint8Array(step.patch) });
    case 'project':
      return client['project.apply']({ step: step.step });
  }
}

/** The labels of the open project and the history of its steps: what can be taken back, and whether all of it is on disk. */
export class PaintingState {
  session = $state.raw<LabelSession | null>(null);
  undoName = $state<string | null>(null);
  redoName = $state<string | null>(null);
  saved = $state.raw<SavedState>(nothingWaiting);
  readonly #apply: (change: ProjectChange) => void;

  /** `apply` makes the window as a project step says. */
  constructor(apply: (change: ProjectChange) => void) {
    this.#apply = apply;
  }

  /**
   * Changes something of the project besides label pixels, as one step of the
   * history: the window follows at once, the disk in its turn. `name` is what
   * "Undo …" says. Throws `project.read-only`; without a project nothing happens.
   */
  change(name: string, change: ProjectChange): void {
    this.session?.change(name.slice(0, LONGEST_NAME), change);
  }

  begin(project: ProjectView, client: Client): void {
    this.leave();
    const { id, info } = project.stack;
    const session = new LabelSession({
      stack: id,
      layer: project.layer,
      width: info.width,
      height: info.height,
      lastSequence: project.lastSequence,
      access: project.access.kind,
      fetchTile: async (z, tx, ty, signal) => {
        const url = pixelUrl({ kind: 'labels', stack: id, z, tx, ty });
        return (await fetchPixels(url, signal && abortSignalOf(signal)))?.bytes ?? null;
      },
      send: async (step) => (await send(client, step)).sequence,
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
    if (project.access.kind === 'read-write') void this.#recall(session, client);
  }

  leave(): void {
    this.session?.dispose();
    this.session = null;
    this.undoName = null;
    this.redoName = null;
    this.saved = nothingWaiting;
  }

  /** Undo reaches back into earlier sessions; without an answer it starts from here. */
  async #recall(session: LabelSession, client: Client): Promise<void> {
    const steps = await client['project.history']({ bytes: HISTORY_BYTES }).catch(() => []);
    if (this.session === session) session.restoreHistory(steps);
  }
}
