import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { strangePlaces } from './testing/faults/strange-places';
import { temporaryFolder } from './testing/sample-project';

let place: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  place = await temporaryFolder();
});
afterAll(() => place.remove());

describe('a project with something strange in it', () => {
  it(
    'answers at once, and nothing outside its folder is read or written',
    { timeout: 240_000 },
    async () => {
      const { failures, counts } = await strangePlaces(place.folder, 29);
      expect(failures).toEqual([]);
      expect(counts['attacks']).toBeGreaterThan(15);
    },
  );
});
