import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openProject } from './project-store';
import { bundleProgram } from './testing/bundle-program';
import { startProgram } from './testing/child-program';
import {
  differingSlices,
  NaiveLabels,
  newProject,
  quickStorage,
  randomPatch,
  seeded,
  temporaryFolder,
} from './testing/sample-project';
import { membraneOf, written } from './testing/step-facts';

let folder = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterEach(() => remove());

describe('a program that is killed between steps', () => {
  it('loses no step that it reported saved', { timeout: 120_000 }, async () => {
    const program = await bundleProgram('stepper', folder);
    const place = join(folder, 'Killed.emproj');
    await (await newProject(place)).close();
    const random = seeded(3);
    let acknowledged = 0;
    let behind = 0;
    for (let kill = 0; kill < 5; kill += 1) {
      const stepper = startProgram(program, place, '50');
      await stepper.gotLines(40);
      await sleep(random() * 300);
      await stepper.kill();
      const Saved = z.object({ saved: z.number() });
      const saved = stepper.lines.slice(1).map((line) => Saved.parse(line).saved);
      acknowledged = Math.max(acknowledged, ...saved);
      const before = await written(place);

      const project = await openProject(place, { readOnlyIfLocked: false }, quickStorage);
      const { lastSequence } = project.labels;
      expect(lastSequence).toBeGreaterThanOrEqual(acknowledged);
      const lastStep = lastSequence - (lastSequence % 3);
      if (before.stepSequence < lastStep) behind += 1;
      expect(membraneOf(project)).toBe(`membrane ${String(lastStep)}`);
      const naive = new NaiveLabels();
      for (let n = 1; n <= lastSequence; n += 1)
        if (n % 3 !== 0) naive.apply(randomPatch(seeded(50 + n), n));
      expect(await differingSlices(project, naive)).toEqual([]);
      expect((await project.verify()).problems).toEqual([]);
      await project.close();
    }
    // Else nothing was killed between the journal and project.json.
    expect(behind).toBeGreaterThan(0);
    expect(acknowledged).toBeGreaterThan(100);
  });
});
