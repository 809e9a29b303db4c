import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram } from './testing/bundle-program';
import { killLoop } from './testing/faults/kill-loop';
import { temporaryFolder } from './testing/sample-project';

/** `npm run test:faults` has the long loop. */
const KILLS = 8;

let folder = '';
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterAll(() => remove());

describe('a program that is killed while painting', () => {
  it(
    `loses no stroke that it reported saved, in ${String(KILLS)} kills`,
    { timeout: 240_000 },
    async () => {
      const program = await bundleProgram('painter', folder);
      const { failures, counts } = await killLoop(program, folder, KILLS);
      expect(failures).toEqual([]);
      expect(counts).toMatchObject({ kills: KILLS, lost: 0 });
      console.log(`after ${String(KILLS)} kills:`, JSON.stringify(counts));
    },
  );
});
