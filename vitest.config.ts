import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte({ configFile: false })],
  test: {
    // What a test waits for may take its time on a busy machine; the default is one second.
    expect: { poll: { timeout: 20_000 } },
    include: ['{main,model,volume,renderer,electron,scripts,bench,tests}/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
