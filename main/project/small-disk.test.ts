import { afterAll, beforeAll, expect, it } from 'vitest';
import { smallDisk } from './testing/faults/small-disk';
import { temporaryFolder } from './testing/sample-project';

let folder = '';
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterAll(() => remove());

it(
  'painting until a real small disk is full loses nothing, says so, and goes on when there is room',
  { timeout: 60_000 },
  async (context) => {
    const { failures, notes } = await smallDisk(folder);
    if (notes[0]) context.skip(notes[0]);
    expect(failures).toEqual([]);
  },
);
