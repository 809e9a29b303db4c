import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandInput, CommandName, CommandOutput } from '#contract/commands';
import { commands } from '#contract/commands';
import { ProjectOpening, ProjectView } from '#contract/entities';
import type { EventName, EventPayload } from '#contract/events';
import { events } from '#contract/events';
import { writeSlicesWithin } from '#contract/slice-marks';
import { nodeLauncher } from '#main/compute/node-launcher';
import { silentLog } from '#main/diagnostics/log';
import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';
import { createServices, type Services } from '../services';

type CallInput<N extends CommandName> =
  | CommandInput<N>
  | (CommandInput<N> extends { at: unknown }
      ? (Omit<CommandInput<N>, 'at'> & Partial<Pick<CommandInput<N>, 'at'>>) | null
      : CommandInput<N>);

/** The services as the app runs them, without a window: dialogs answer what was put in, events are kept. */
export interface RunningServices {
  readonly folder: string;
  readonly services: Services;
  /** Paths that the next dialogs answer. */
  readonly chosen: string[];
  /** Paths that were shown in the file manager. */
  readonly shown: readonly string[];
  /** As the window calls: a command on the project means the opening that was answered last, where the input names none. */
  call<N extends CommandName>(name: N, input: CallInput<N>): Promise<CommandOutput<N>>;
  heard<N extends EventName>(name: N): EventPayload<N>[];
  /** Hears events as a window does; returns the disposer. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  /** Ends the app, keeping its files. */
  quit(): Promise<void>;
}

export interface Workplace {
  readonly folder: string;
  run(options?: {
    readonly resources?: string;
    readonly compute?: string;
  }): Promise<RunningServices>;
  stack(
    name: string,
    shape: { width: number; height: number; depth: number },
    seed?: number,
  ): Promise<string>;
  remove(): Promise<void>;
}

const noOpening = ProjectOpening.parse({ project: 'p-none', opening: 'o-none' });

/** A folder of its own for settings, projects and stacks; `remove` quits what runs in it and deletes it. */
export async function makeWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'membrana-session-'));
  const running = new Set<RunningServices>();
  return {
    folder,
    async run({ resources = join(folder, 'resources'), compute = join(folder, 'none.js') } = {}) {
      const kept: { name: EventName; payload: unknown }[] = [];
      const listeners = new Set<(event: (typeof kept)[number]) => void>();
      const chosen: string[] = [];
      let at: ProjectOpening = noOpening;
      const shown: string[] = [];
      const answer = (): Promise<string | null> => Promise.resolve(chosen.shift() ?? null);
      const services = await createServices({
        version: '0.0.0',
        versions: process.versions,
        intendedElectron: null,
        userData: join(folder, 'user'),
        resources,
        projects: join(folder, 'projects'),
        launcher: nodeLauncher(compute),
        dialogs: { open: answer, save: answer },
        openLink: () => Promise.resolve(),
        showInFolder: (path) => {
          shown.push(path);
        },
        publish: (name, payload) => {
          const event = { name, payload: writeSlicesWithin(events[name].parse(payload), 1) };
          kept.push(event);
          for (const listen of listeners) listen(event);
        },
        log: silentLog,
        logTail: () => Promise.resolve('the last line'),
      });
      const app: RunningServices = {
        folder,
        services,
        chosen,
        shown,
        async call(name, input) {
          const handle = services.handlers[name] as (input: unknown) => unknown;
          const { input: wanted, output } = commands[name];
          const given = 'shape' in wanted && 'at' in wanted.shape ? { at, ...input } : input;
          const value = output.parse(await handle(wanted.parse(given)));
          const view = name === 'project.relink' ? (value as { project?: unknown }).project : value;
          const opened = ProjectView.safeParse(view);
          if (opened.success) at = { project: opened.data.id, opening: opened.data.opening };
          return writeSlicesWithin(value, 1) as never;
        },
        heard: (name) =>
          kept.filter((event) => event.name === name).map(({ payload }) => payload) as never,
        on(name, listener) {
          const listen = (event: (typeof kept)[number]): void => {
            if (event.name === name) listener(event.payload as never);
          };
          listeners.add(listen);
          return () => listeners.delete(listen);
        },
        async quit() {
          running.delete(app);
          await services.close();
        },
      };
      running.add(app);
      return app;
    },
    async stack(name, { width, height, depth }, seed = 1) {
      const path = join(folder, name);
      await mkdir(folder, { recursive: true });
      const writer = await createTiffWriter(path, {
        width,
        height,
        type: 'uint8',
        voxelSize: { x: 4, y: 4, z: 50, source: 'file' },
      });
      for (let z = 0; z < depth; z += 1)
        await writer.append(
          Uint8Array.from({ length: width * height }, (_, i) => (i * 7 + z * 31 + seed * 13) & 255),
        );
      await writer.finish();
      return path;
    },
    async remove() {
      for (const app of running) await app.quit();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
