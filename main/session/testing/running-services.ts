import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandInput, CommandName, CommandOutput } from '#contract/commands';
import { commands } from '#contract/commands';
import type { EventName, EventPayload } from '#contract/events';
import { events } from '#contract/events';
import { writeSlicesWithin } from '#contract/slice-marks';
import { nodeLauncher } from '#main/compute/node-launcher';
import { silentLog } from '#main/diagnostics/log';
import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';
import { createServices, type Services } from '../services';

/** The services as the app runs them, without a window: dialogs answer what was put in, events are kept. */
export interface RunningServices {
  readonly folder: string;
  readonly services: Services;
  /** Paths that the next dialogs answer. */
  readonly chosen: string[];
  call<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>>;
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
      const answer = (): Promise<string | null> => Promise.resolve(chosen.shift() ?? null);
      const services = await createServices({
        version: '0.0.0',
        versions: process.versions,
        userData: join(folder, 'user'),
        resources,
        projects: join(folder, 'projects'),
        launcher: nodeLauncher(compute),
        dialogs: { open: answer, save: answer },
        openLink: () => Promise.resolve(),
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
        async call(name, input) {
          const handle = services.handlers[name] as (input: unknown) => unknown;
          const value = await handle(commands[name].input.parse(input));
          return writeSlicesWithin(commands[name].output.parse(value), 1) as never;
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
