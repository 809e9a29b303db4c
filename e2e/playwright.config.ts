import { defineConfig } from '@playwright/test';

/** Stories in real Electron: two files at a time, each story with folders of its own, never tried twice, pictures kept. */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  globalSetup: './known-before.ts',
  outputDir: '../test-results/e2e',
  // One waits for its window and its disk half of the time; the tests of a file follow one another.
  workers: 2,
  retries: 0,
  // A story segments and trains for real.
  timeout: 600_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: '../test-results/e2e.json' }]],
  use: { screenshot: 'only-on-failure', trace: 'off', video: 'off' },
});
