import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { GrantId, ProjectId } from '#contract/ids';
import { decodePatch } from '#contract/label-patch-codec';
import { TILE_SIZE } from '#contract/tiles';
import { openProject } from '#main/project/project-store';
import { seeded } from '#main/project/testing/sample-project';
import {
  makeWorkplace,
  type RunningServices,
  type Workplace,
} from '#main/session/testing/running-services';
import { UnsteadyWindow, type Dot, type Weather } from './unsteady-window';
import { pixelFetch } from './window-over-main';

const shape = { width: 70, height: 40, depth: 3 };
/** Actions of one run; half of them paint. */
const ACTIONS = 40;

let place: Workplace;
let app: RunningServices;
beforeEach(async () => {
  place = await makeWorkplace();
  app = await place.run();
  vi.stubGlobal('fetch', pixelFetch(app));
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await place.remove();
});

const placeOf = (number: number): string => {
  const { width, height } = shape;
  const at = number % (width * height);
  const z = Math.floor(number / (width * height));
  return `${String(z)}/${String(Math.floor(at / width) * TILE_SIZE + (at % width))}`;
};

async function grantOf(path: string): Promise<GrantId> {
  await app.services.offer([path], 'drop');
  const grant = app.heard('files.offered').at(-1)?.grants[0]?.id;
  if (grant === undefined) throw new Error(`${path} was not offered`);
  return grant;
}

/** How often each pixel was painted, by what the journal of a project says. */
async function journalOf(
  folder: string,
): Promise<{ readonly id: ProjectId; readonly times: ReadonlyMap<string, number> }> {
  const project = await openProject(folder, { readOnlyIfLocked: false });
  try {
    const times = new Map<string, number>();
    for (const step of await project.history(1 << 28)) {
      if (step.kind !== 'labels') continue;
      const { z, tiles } = decodePatch(step.patch);
      const at = `${String(z)}/${String(tiles[0]?.runs[0])}`;
      times.set(at, (times.get(at) ?? 0) + 1);
    }
    return { id: project.id, times };
  } finally {
    await project.close();
  }
}

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'whatever comes between, every step is saved once, in its own project, and none that was reported saved is lost (%i)',
  async (seed) => {
    const random = seeded(seed * 7919);
    const weather: Weather = { lost: 0.15, late: 6, underWay: 0, random };
    const paths: string[] = [];
    for (const [i, name] of ['a', 'b'].entries())
      paths.push(await place.stack(`${name}.tif`, shape, i + 1));
    const elsewhere = join(place.folder, 'elsewhere');
    const told: { project: ProjectId; at: string }[] = [];
    const painted: { dot: Dot; page: number }[] = [];
    let pages = 0;
    const newPage = (): UnsteadyWindow => {
      pages += 1;
      return new UnsteadyWindow(app, weather, (project, z, pixel) =>
        told.push({ project, at: `${String(z)}/${String(pixel)}` }),
      );
    };
    let page = newPage();
    const running: Promise<unknown>[] = [];
    const stacks: GrantId[] = [];
    for (const path of paths) stacks.push(await grantOf(path));
    await page.open(stacks[0] ?? never());
    let number = 0;
    const paint = async (): Promise<void> => {
      const own = pages;
      const dot = await page.dot(number++, shape.width, shape.height);
      if (dot !== null) painted.push({ dot, page: own });
    };
    for (let action = 0; action < ACTIONS; action += 1) {
      // Now and then the user waits for what was asked for last.
      if (random() < 0.6) await running.at(-1);
      const chance = random();
      const { open, opening } = page.topics.project;
      if (open === null && opening === null) {
        await page.open(stacks[Math.floor(random() * 2)] ?? never());
        continue;
      }
      if (chance < 0.6) for (let i = 0; i < 4; i += 1) await paint();
      else if (chance < 0.7) running.push(page.open(stacks[Math.floor(random() * 2)] ?? never()));
      else if (chance < 0.8) {
        // The stack of what is open was moved, and the user shows where it is; painting goes on meanwhile.
        const moved = `${elsewhere}-${String(action)}.tif`;
        const name = page.topics.project.open?.stack.name;
        await copyFile(name?.startsWith('b') ? (paths[1] ?? '') : (paths[0] ?? ''), moved);
        app.chosen.push(moved);
        if (page.commands['file.findStack'].blocked() === null)
          running.push(Promise.resolve(page.commands['file.findStack'].run()));
        else app.chosen.pop();
      } else if (chance < 0.88) {
        if (page.commands['file.close'].blocked() === null)
          running.push(Promise.resolve(page.commands['file.close'].run()));
      } else if (chance < 0.94) {
        page.die();
        // Its commands are never answered.
        running.length = 0;
        app.services.windowLost();
        page = newPage();
        for (const grant of (await app.call('app.info', null)).opening) await page.open(grant.id);
      }
    }

    weather.lost = 0;
    await vi.waitUntil(
      () => {
        const { saved } = page.topics.painting;
        if (saved.kind === 'failed') page.topics.painting.session?.retryNow();
        return page.topics.project.opening === null && saved.kind === 'saved';
      },
      { timeout: 20_000, interval: 20 },
    );
    page.die();
    await vi.waitUntil(() => weather.underWay === 0, { timeout: 20_000 });
    await app.quit();

    const byProject = new Map<ProjectId, ReadonlyMap<string, number>>();
    for (const name of await readdir(join(place.folder, 'projects'))) {
      const { id, times } = await journalOf(join(place.folder, 'projects', name));
      byProject.set(id, times);
    }
    const saved = (project: ProjectId, at: string): number => byProject.get(project)?.get(at) ?? 0;
    expect(told.filter(({ project, at }) => saved(project, at) === 0)).toEqual([]);
    const last = painted.filter((one) => one.page === pages);
    expect(last.filter(({ dot }) => saved(dot.project, placeOf(dot.number)) !== 1)).toEqual([]);
    const own = new Map([...byProject.keys()].map((id) => [id, new Set<string>()]));
    for (const { dot } of painted) own.get(dot.project)?.add(placeOf(dot.number));
    for (const [id, times] of byProject) {
      expect([...times].filter(([, count]) => count > 1)).toEqual([]);
      expect([...times.keys()].filter((at) => own.get(id)?.has(at) !== true)).toEqual([]);
    }
    expect(painted.length).toBeGreaterThan(10);
  },
  60_000,
);

function never(): never {
  throw new Error('not there');
}
