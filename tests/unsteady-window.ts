import { setTimeout as sleep } from 'node:timers/promises';
import type { Bridge } from '#contract/bridge';
import { toErrorReport } from '#contract/errors';
import type { GrantId, ProjectId } from '#contract/ids';
import { MEMBRANE, painted } from '#contract/label-byte';
import { decodePatch } from '#contract/label-patch-codec';
import { everywhere } from '#labels/paint-mode';
import { areaOfRect } from '#labels/pixel-area';
import type { RunningServices } from '#main/session/testing/running-services';
import { createClient } from '../renderer/api/client';
import { openGrant } from '../renderer/commands/file-commands';
import { createCommands, type CommandTable } from '../renderer/commands/table';
import { createTopics, type Topics } from '../renderer/state/topics';
import { connectEvents } from '../renderer/ui/connect-events';

/** How the way between window and main misbehaves. */
export interface Weather {
  /** Share of the answers that never reach the window although main did what was asked. */
  lost: number;
  /** Longest time that a command is under way, in milliseconds. */
  late: number;
  /** Commands that main has not answered yet, those of dead pages too. */
  underWay: number;
  readonly random: () => number;
}

/** A pixel that one stroke of its own painted. */
export interface Dot {
  readonly project: ProjectId;
  /** Of all dots; pixel and slice follow from it. */
  readonly number: number;
}

const losable = new Set([
  'labels.append',
  'project.open',
  'project.relink',
  'project.close',
  'project.resume',
]);

/** A page with the app's own topics over running services; it can die and leave its commands under way. */
export class UnsteadyWindow {
  readonly topics: Topics;
  readonly commands: CommandTable;
  private alive = true;

  private readonly disconnect: () => void;

  constructor(
    app: RunningServices,
    weather: Weather,
    /** Pixels that the window was told are on the disk. */
    private readonly acknowledged: (project: ProjectId, z: number, pixel: number) => void,
  ) {
    const bridge: Bridge = {
      invoke: async (name, input) => {
        const { random, late, lost } = weather;
        if (!this.alive) return await new Promise<never>(() => undefined);
        weather.underWay += 1;
        try {
          await sleep(random() * late);
          const value = await app.call(name, input).finally(() => {
            weather.underWay -= 1;
          });
          await sleep(random() * late);
          if (this.isGone()) return await new Promise<never>(() => undefined);
          if (losable.has(name) && random() < lost) throw new Error('the answer was lost');
          if (name === 'labels.append') this.told(input);
          return { ok: true, value };
        } catch (error) {
          if (this.isGone()) return await new Promise<never>(() => undefined);
          return { ok: false, error: toErrorReport(error) };
        }
      },
      on: (name, listener) => app.on(name, listener),
      openPixels: () => undefined,
      ready: () => undefined,
    };
    this.topics = createTopics(createClient(bridge));
    this.commands = createCommands(this.topics);
    this.disconnect = connectEvents(bridge, this.topics, this.commands);
  }

  private told(input: unknown): void {
    const { at, patch } = input as { at: { project: ProjectId }; patch: Uint8Array };
    const { z, tiles } = decodePatch(patch);
    for (const { runs } of tiles)
      for (let i = 0; i < runs.length; i += 2) this.acknowledged(at.project, z, runs[i] ?? 0);
  }

  /** Opens as the user does. */
  async open(grant: GrantId): Promise<void> {
    await openGrant(this.topics, grant, 'stack');
  }

  /** Asked anew after every wait. */
  private isOpening(): boolean {
    return this.topics.project.opening !== null;
  }

  /** Paints one pixel; null where nothing can be painted now. */
  async dot(number: number, width: number, height: number): Promise<Dot | null> {
    const { project, painting } = this.topics;
    const { session } = painting;
    if (project.open === null || session === null || this.isOpening()) return null;
    const at = number % (width * height);
    const z = Math.floor(number / (width * height));
    const rect = { x: at % width, y: Math.floor(at / width), width: 1, height: 1 };
    const { id } = project.open;
    const loaded = await session.load(z, { x: 0, y: 0, width, height }).then(
      () => true,
      () => false,
    );
    // While the tiles came another project may have.
    if (!loaded || this.topics.painting.session !== session || this.isOpening()) return null;
    const changed = session.paint(
      z,
      'Dot',
      areaOfRect(rect, width, height),
      painted(MEMBRANE),
      everywhere,
    );
    return changed === 1 ? { project: id, number } : null;
  }

  private isGone(): boolean {
    return !this.alive;
  }

  /** The page is gone without a word. */
  die(): void {
    this.alive = false;
    this.disconnect();
    this.topics.painting.leave();
    this.topics.savedView.forget();
  }
}
