import { defineConfig } from '@playwright/test';

/** Stories in real Electron: one at a time, never tried twice, pictures kept. */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  globalSetup: './known-engines.ts',
  outputDir: '../test-results/e2e',
  workers: 1,
  retries: 0,
  // A story segments and trains for real.
  timeout: 600_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: '../test-results/e2e.json' }]],
  use: { screenshot: 'only-on-failure', trace: 'off', video: 'off' },
});
