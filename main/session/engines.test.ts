import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EngineOverview, Settings } from '#contract/entities';
import type { EventPayload } from '#contract/events';
import { nodeLauncher } from '#main/compute/node-launcher';
import { bundleEntry } from '#main/compute/testing/bundle';
import { silentLog } from '#main/diagnostics/log';
import type { Candidate } from '#main/engines/candidate';
import { EngineProfileStore } from '#main/engines/engine-profile-store';
import type { Machine } from '#main/engines/machine';
import { writeFileAtomic } from '#main/storage/atomic-file';
import { defaultSettings } from '#main/settings/settings-store';
import { Engines } from './engines';

const machine: Machine = {
  app: '1',
  runtime: 'Electron',
  processor: 'A',
  threads: 1,
  adapters: ['card, driver 1'],
  libraries: {},
};
const candidates: readonly Candidate[] = [
  { name: 'onnx', device: 'cpu', provider: 'cpu' },
  { name: 'onnx', device: 'gpu', provider: 'webgpu' },
  { name: 'tensorflow', device: 'cpu', provider: 'cpu' },
];

let entry: string;
let folder: string;
let engines: Engines;
let settings: Settings;
let busy: boolean;
let shown: EngineOverview[];
let states: EventPayload<'compute.state'>[];
let starts: number;

beforeAll(async () => {
  entry = await bundleEntry('main/compute/testing/toy-entry.ts');
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'membrana-engines-'));
  settings = defaultSettings;
  busy = false;
});
afterEach(async () => {
  engines.close();
  await rm(folder, { recursive: true, force: true });
});

/** The engines as after a start of the app. */
async function start(change: Partial<Machine> = {}): Promise<void> {
  shown = [];
  states = [];
  starts = 0;
  const real = nodeLauncher(entry);
  engines = new Engines({
    launcher: {
      launch(environment) {
        starts += 1;
        return real.launch(environment);
      },
    },
    machine: { ...machine, ...change },
    memory: await EngineProfileStore.open(folder, writeFileAtomic, silentLog),
    settings: () => settings,
    busy: () => busy,
    log: () => undefined,
    changed: (state) => states.push(state),
    overviewChanged: (overview) => shown.push(overview),
    candidates,
  });
}

async function probed(): Promise<EngineOverview> {
  await expect.poll(() => shown.at(-1)?.probing, { timeout: 20_000 }).toBe(false);
  const last = shown.at(-1);
  if (last === undefined) throw new Error('nothing was shown');
  return last;
}

describe('the engines', () => {
  it('are probed at the first start and shown, and not at the next', async () => {
    await start();
    expect(engines.overview()).toMatchObject({
      probed: null,
      segment: { name: 'onnx', provider: 'cpu', why: 'untried' },
    });
    engines.look();
    const first = await probed();
    expect(first.engines.map(({ verdict }) => verdict)).toEqual(['passes', 'refused', 'refused']);
    expect(first).toMatchObject({
      segment: { name: 'onnx', provider: 'cpu', why: 'only' },
      train: { name: 'onnx', provider: 'cpu', why: 'only' },
    });
    expect(states.at(-1)).toMatchObject({ state: 'idle', engine: 'ONNX Runtime · CPU' });
    expect(starts).toBe(candidates.length);
    engines.close();

    await start();
    engines.look();
    expect((await probed()).engines).toEqual(first.engines);
    expect(starts).toBe(0);
  });

  it.each([
    ['the driver', { adapters: ['card, driver 2'] }],
    ['the app', { app: '2' }],
    ['the thread count', { threads: 2 }],
  ])('are probed again after a change of %s', async (_, change) => {
    await start();
    engines.look();
    await probed();
    engines.close();
    await start(change);
    engines.look();
    await probed();
    expect(starts).toBe(candidates.length);
  });

  it('segment as was asked for, but fast only where that was found to be faster', async () => {
    await start();
    settings = { ...defaultSettings, segmentation: 'fast' };
    expect(engines.quality).toBe('standard');
    engines.look();
    await probed();
    expect(engines.quality).toBe('fast');
    settings = { ...settings, segmentation: 'careful' };
    expect(engines.quality).toBe('careful');
  });

  it('are probed again when a person asks for it, once however often', async () => {
    await start();
    engines.look();
    await probed();
    starts = 0;
    engines.probe();
    engines.probe();
    expect(engines.overview().probing).toBe(true);
    await probed();
    expect(starts).toBe(candidates.length);
  });

  it('wait while a job runs', async () => {
    await start();
    busy = true;
    engines.look();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(starts).toBe(0);
    busy = false;
    engines.jobsChanged();
    await probed();
    expect(starts).toBe(candidates.length);
  });

  it('say that there is none when what is asked for was refused, and find back', async () => {
    await start();
    engines.look();
    await probed();
    settings = { ...settings, engine: 'tensorflow' };
    engines.wishChanged();
    expect(shown.at(-1)).toMatchObject({ segment: null, train: null });
    expect(states.at(-1)).toMatchObject({
      state: 'unavailable',
      note: expect.stringContaining('wrong numbers') as unknown,
    });
    settings = defaultSettings;
    engines.wishChanged();
    expect(states.at(-1)).toMatchObject({ state: 'idle', engine: 'ONNX Runtime · CPU' });
  });
});
