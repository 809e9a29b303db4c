import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram, readPlants } from './testing/bundle-program';
import { temporaryFolder } from './testing/sample-project';

const run = promisify(execFile);

let folder = '';
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterAll(() => remove());

async function suite(
  program: string,
  parts: readonly string[],
): Promise<{ readonly code: number; readonly output: string }> {
  try {
    const { stdout } = await run(process.execPath, [program, '--only', parts.join(',')]);
    return { code: 0, output: stdout };
  } catch (error) {
    const failed = error as { readonly code?: number; readonly stdout?: string };
    return { code: failed.code ?? -1, output: failed.stdout ?? '' };
  }
}

describe('the fault suite', async () => {
  const plants = await readPlants();

  it('is green on the program as it is', { timeout: 240_000 }, async () => {
    const program = await bundleProgram('fault-suite', folder);
    await bundleProgram('rival', folder);
    const { code, output } = await suite(program, [
      'atomic',
      'power',
      'flips',
      'cuts',
      'places',
      'copies',
      'moved',
      'rivals',
    ]);
    expect(output.split('\n').filter((line) => line.includes('"failures":["'))).toEqual([]);
    expect(code).toBe(0);
  });

  it.each([...plants])(
    'turns red when %s is planted',
    { timeout: 240_000 },
    async (name, plant) => {
      const program = await bundleProgram('fault-suite', `${folder}/${name}`, plant);
      await bundleProgram('rival', `${folder}/${name}`, plant);
      const { code, output } = await suite(program, plant.red);
      expect(code).toBe(1);
      expect(output).toMatch(/"failures":\["/);
    },
  );
});
