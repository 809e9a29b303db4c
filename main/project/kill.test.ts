import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openProject } from './project-store';
import { bundleProgram, startProgram } from './testing/child-program';
import {
  differingSlices,
  NaiveLabels,
  newProject,
  quickStorage,
  randomPatch,
  seeded,
  temporaryFolder,
} from './testing/sample-project';

const KILLS = 10;
const LEAST_ACKNOWLEDGED = 100;
const SEED = 77;

let folder = '';
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterAll(() => remove());

const Saved = z.object({ saved: z.number(), ms: z.number() });

describe('a program that is killed while painting', () => {
  it(
    `loses no stroke that it reported saved, in ${String(KILLS)} kills`,
    { timeout: 120_000 },
    async () => {
      const program = await bundleProgram('painter', folder);
      const place = join(folder, 'Killed.emproj');
      await (await newProject(place)).close();
      const random = seeded(5);
      const times: number[] = [];
      let acknowledged = 0;
      let recovered = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        const painter = startProgram(program, place, String(SEED));
        await painter.gotLines(1 + LEAST_ACKNOWLEDGED);
        await sleep(random() * 120);
        await painter.kill();
        const saved = painter.lines.slice(1).map((line) => Saved.parse(line));
        expect(saved.length).toBeGreaterThanOrEqual(LEAST_ACKNOWLEDGED);
        times.push(...saved.map(({ ms }) => ms));
        acknowledged = Math.max(acknowledged, ...saved.map(({ saved: sequence }) => sequence));

        const project = await openProject(place, { readOnlyIfLocked: false }, quickStorage);
        const { lastSequence } = project.labels;
        expect(lastSequence).toBeGreaterThanOrEqual(acknowledged);
        const naive = new NaiveLabels();
        for (let sequence = 1; sequence <= lastSequence; sequence += 1)
          naive.apply(randomPatch(seeded(SEED + sequence), sequence));
        expect(await differingSlices(project, naive)).toEqual([]);
        recovered += project.recovery?.strokesRecovered ?? 0;
        expect((await project.verify()).problems).toEqual([]);
        acknowledged = lastSequence;
        await project.close();
      }
      expect(recovered).toBeGreaterThan(0);
      times.sort((a, b) => a - b);
      const median = times[times.length >> 1] ?? NaN;
      const late = times[Math.floor(times.length * 0.95)] ?? NaN;
      console.log(
        `${String(times.length)} strokes acknowledged in ${String(KILLS)} killed runs, 0 lost; append to saved: median ${median.toFixed(2)} ms, p95 ${late.toFixed(2)} ms`,
      );
    },
  );
});
