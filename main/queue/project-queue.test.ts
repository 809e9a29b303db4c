import { describe, expect, it } from 'vitest';
import { ModelId } from '#contract/ids';
import { INTERIOR, MEMBRANE, painted } from '#contract/label-byte';
import { findDoubtfulPlaces } from '../compute/handlers/scores/find-doubtful';
import { findDoubtful, DoubtfulParams } from '../compute/requests';
import type { JobEngine } from '../engines/job-engine';
import { ProjectQueue, type QueueSources } from './project-queue';

const WIDTH = 300;
const HEIGHT = 60;
const model = ModelId.parse('m-1');
const never = new AbortController().signal;
const choice = { engine: 'onnx', device: 'cpu', provider: 'cpu', threads: 1 } as const;

/** Walls of a map at x = 30, 60, …, 270; those named are `weak` in the rows from 10 to 29. */
const map = (weak: readonly number[], value = 20): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: WIDTH * HEIGHT }, (_, p) => {
    const [x, y] = [p % WIDTH, Math.floor(p / WIDTH)];
    if (x === 0 || x % 30 !== 0) return 0;
    return weak.includes(x) && y >= 10 && y < 30 ? value : 255;
  });

/** A project of slices in memory, and the compute process's own handler, counted. */
function project(maps: Map<number, Uint8Array<ArrayBuffer>>) {
  const labels = new Map<number, Uint8Array<ArrayBuffer>>();
  const sources: QueueSources = {
    stack: { info: { width: WIDTH, height: HEIGHT } },
    predictions: {
      list: () => [...maps.keys()].map((z) => ({ model, z })),
      slice: (_, z) => Promise.resolve(maps.get(z) ?? null),
    },
    labels: {
      coverage: () => [...labels.keys()].map((z) => ({ z, painted: 1, confirmed: 0 })),
      slice: (z) => Promise.resolve(labels.get(z) ?? new Uint8Array(WIDTH * HEIGHT)),
    },
  };
  const looked: number[] = [];
  const engine: Pick<JobEngine, 'call'> = {
    async call(spec, params, { signal }) {
      expect(spec.id).toBe(findDoubtful.id);
      looked.push(1);
      const given = DoubtfulParams.parse(params(choice));
      const answer = await findDoubtfulPlaces(given, { signal, progress: () => undefined });
      return spec.result.parse(answer);
    },
  };
  const queue = new ProjectQueue(sources);
  return { labels, looked, list: () => queue.list(model, 0.18, engine, never) };
}

describe('where to look next in a project', () => {
  it('is one order over all slices, and the look with the most in it is first', async () => {
    const { list } = project(
      new Map([
        [0, map([60], 40)],
        [3, map([150, 180, 210], 40)],
        [5, map([])],
      ]),
    );
    const { entries, slices } = await list();
    expect(slices).toBe(3);
    expect(entries.map(({ z, others }) => [z, others])).toEqual([
      [3, 2],
      [0, 0],
    ]);
    expect(entries[0]).toMatchObject({ kind: 'end', x: 150, box: { y: 10, height: 20 } });
  });

  it('knows what it has found until a map or a label is another one', async () => {
    const maps = new Map([
      [0, map([60], 40)],
      [1, map([90], 40)],
    ]);
    const { list, labels, looked } = project(maps);
    await list();
    await list();
    expect(looked).toHaveLength(2);
    maps.set(1, map([]));
    expect((await list()).entries.map(({ z }) => z)).toEqual([0]);
    expect(looked).toHaveLength(3);
    labels.set(0, new Uint8Array(WIDTH * HEIGHT));
    await list();
    expect(looked).toHaveLength(4);
  });

  it('asks nothing about a gap that was painted shut, or that somebody said is none', async () => {
    for (const label of [MEMBRANE, INTERIOR]) {
      const { list, labels } = project(new Map([[0, map([60], 40)]]));
      expect((await list()).entries).toHaveLength(1);
      const bytes = new Uint8Array(WIDTH * HEIGHT);
      for (let y = 8; y < 32; y += 1) bytes[y * WIDTH + 60] = painted(label);
      labels.set(0, bytes);
      expect((await list()).entries).toEqual([]);
    }
  });
});
