import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes half a minute and more on two cores, the longest first. */
const long = [
  'main/compute/webgpu-engine',
  'main/project/planted-faults',
  'tests/one-mask',
  'main/jobs/resumable-training',
  'main/cli/train-command',
  'tests/undo-all-the-way',
  'main/jobs/retrain-job',
  'main/cli/fit-command',
  'main/project/faults',
  'main/project/small-disk',
];

function rank({ moduleId }: TestSpecification): number {
  const at = long.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return at < 0 ? long.length : at;
}

/** Long files come first, so that no core waits for one at the end; Vitest knows them only where they have run before. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

const folders = '{main,model,volume,renderer,electron,scripts,bench,tests}';
/** Tests that leave nothing behind in their process: files share it, and what they import is loaded once. */
const plain = '{main/contract,model,volume,renderer}/**/*.test.ts';

export default defineConfig({
  plugins: [svelte({ configFile: false })],
  test: {
    // What a test waits for may take its time on a busy machine; the default is one second.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    setupFiles: ['tests/quick-equality.ts'],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: { name: 'apart', include: [`${folders}/**/*.test.ts`], exclude: [plain] },
      },
      {
        extends: true,
        test: { name: 'plain', include: [plain], isolate: false, unstubGlobals: true },
      },
    ],
  },
});
