import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { vi } from 'vitest';
import type { Bridge } from '#contract/bridge';
import type { LabelClass } from '#contract/entities';
import { toErrorReport } from '#contract/errors';
import type { GrantId, ModelId } from '#contract/ids';
import { parsePixelUrl, pixelUrl } from '#contract/pixel-url';
import { tilesIn, TILE_PIXELS } from '#contract/tiles';
import type { LabelSession } from '#labels/label-session';
import type { RunningServices, Workplace } from '#main/session/testing/running-services';
import { createClient } from '../renderer/api/client';
import { createCommands, type CommandTable } from '../renderer/commands/table';
import { createTopics, type Topics } from '../renderer/state/topics';
import { connectEvents } from '../renderer/ui/connect-events';

/** The app's own models. */
const resources = resolve(import.meta.dirname, '..', 'resources');

/** All of a project that steps change, in a form that compares at once; labels as a checksum of every tile. */
export interface SteppedState {
  readonly labels: string;
  readonly classes: readonly LabelClass[];
  readonly model: ModelId | null;
  readonly predictions: readonly string[];
}

function labelsMark(tiles: readonly (Uint8Array | null)[]): string {
  const hash = createHash('sha256');
  const blank = new Uint8Array(TILE_PIXELS);
  for (const tile of tiles) hash.update(tile ?? blank);
  return hash.digest('hex');
}

const predictionName = (model: string, z: number): string => `${model}/${String(z)}`;

/** The window's own topics and commands over the real main services, without a screen. */
export class WindowOverMain {
  private constructor(
    readonly app: RunningServices,
    readonly topics: Topics,
    readonly commands: CommandTable,
    private readonly grant: GrantId,
    private readonly disconnect: () => void,
  ) {}

  /** Starts the services and opens a stack; resolves when labels and undo history are there. `compute` = the file of the compute process, where one is needed. */
  static async open(place: Workplace, stack: string, compute?: string): Promise<WindowOverMain> {
    const app = await place.run(compute === undefined ? { resources } : { resources, compute });
    vi.stubGlobal('fetch', pixelFetch(app));
    const bridge: Bridge = {
      async invoke(name, input) {
        try {
          return { ok: true, value: await app.call(name, input) };
        } catch (error) {
          return { ok: false, error: toErrorReport(error) };
        }
      },
      on: (name, listener) => app.on(name, listener),
      openPixels: () => undefined,
      ready: () => undefined,
    };
    const topics = createTopics(createClient(bridge));
    const commands = createCommands(topics);
    const disconnect = connectEvents(bridge, topics, commands);
    // The window opens what it is offered.
    await app.services.offer([stack], 'drop');
    await vi.waitUntil(() => topics.project.open !== null && topics.project.opening === null, {
      timeout: 20_000,
    });
    const grant = app.heard('files.offered').at(-1)?.grants[0]?.id;
    if (grant === undefined) throw new Error('the stack was not offered');
    const window = new WindowOverMain(app, topics, commands, grant, disconnect);
    for (const z of window.slices) await window.session.load(z, window.everything);
    return window;
  }

  get session(): LabelSession {
    const { session } = this.topics.painting;
    if (session === null) throw new Error('nothing is open');
    return session;
  }

  get slices(): number[] {
    return Array.from({ length: this.topics.view.depth }, (_, z) => z);
  }

  get everything(): { x: number; y: number; width: number; height: number } {
    const { width, height } = this.session.tiles;
    return { x: 0, y: 0, width, height };
  }

  private tiles(): { z: number; tx: number; ty: number }[] {
    const { width, height } = this.everything;
    const tiles = tilesIn(this.everything, width, height);
    return this.slices.flatMap((z) => tiles.map((tile) => ({ z, ...tile })));
  }

  /** What the window shows. */
  shown(): SteppedState {
    const { project, models } = this.topics;
    return {
      labels: labelsMark(
        this.tiles().map(({ z, tx, ty }) => {
          const tile = this.session.tiles.read(z, tx, ty);
          if (tile === undefined) throw new Error('a tile is not loaded');
          return tile;
        }),
      ),
      classes: project.classes,
      model: models.currentId,
      predictions: models.all
        .flatMap(({ id }) =>
          this.slices.filter((z) => project.hasPrediction(id, z)).map((z) => predictionName(id, z)),
        )
        .sort(),
    };
  }

  /** Resolves when everything is saved; rejects when saving fails, which the window would try for ever. */
  private async saved(): Promise<void> {
    const { session } = this;
    let stop = (): void => undefined;
    const failed = new Promise<never>((_, reject) => {
      stop = session.onSaved((state) => {
        if (state.kind === 'failed') reject(new Error(JSON.stringify(state.error)));
      });
      if (session.saved.kind === 'failed') reject(new Error(JSON.stringify(session.saved.error)));
    });
    try {
      await Promise.race([session.flushed(), failed]);
    } finally {
      stop();
    }
  }

  /** What main has, once everything is saved. */
  async kept(): Promise<SteppedState> {
    await this.saved();
    const view = await this.app.call('project.open', { grant: this.grant });
    return {
      labels: await this.labelsInMain(),
      classes: view.classes,
      model: view.model,
      predictions: view.predictions.map(({ model, z }) => predictionName(model, z)).sort(),
    };
  }

  /** The labels of the layer shown as main has them, as a checksum of every tile. */
  async labelsInMain(): Promise<string> {
    const { open } = this.topics.project;
    if (open === null) throw new Error('nothing is open');
    const at = { project: open.id, stack: open.stack.id, layer: open.layer };
    const tiles: (Uint8Array | null)[] = [];
    for (const { z, tx, ty } of this.tiles()) {
      const request = parsePixelUrl(pixelUrl({ kind: 'labels', ...at, z, tx, ty }));
      if (request === null) throw new Error('no such tile');
      const answer = await this.app.services.pixels.read(request, new AbortController().signal);
      tiles.push(answer.kind === 'empty' ? null : answer.bytes);
    }
    return labelsMark(tiles);
  }

  /** Undoes or redoes until there is nothing left; returns how often. */
  async travelAll(command: 'edit.undo' | 'edit.redo'): Promise<number> {
    let count = 0;
    for (; this.commands[command].blocked() === null; count += 1)
      await this.commands[command].run();
    return count;
  }

  /** Ends the app as a person does. */
  async quit(): Promise<void> {
    await this.saved();
    this.disconnect();
    this.topics.painting.leave();
    await this.app.quit();
  }
}

/** Answers `fetch` from running services, as the app's own scheme does. */
export function pixelFetch({ services }: RunningServices): typeof fetch {
  return async (url, init) => {
    const request = parsePixelUrl(url instanceof Request ? url.url : url.toString());
    if (request === null) return new Response(null, { status: 404 });
    const signal = init?.signal ?? new AbortController().signal;
    const answer = await services.pixels.read(request, signal);
    return answer.kind === 'empty'
      ? new Response(null, { status: 204 })
      : new Response(answer.bytes);
  };
}
