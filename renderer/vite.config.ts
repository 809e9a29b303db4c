import { readdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

/**
 * Lists every built file as URL path → file. The app's own scheme serves
 * exactly this list, so there is no path to traverse.
 */
function fileList(): Plugin {
  let folder = '';
  return {
    name: 'file-list',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    writeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        const files = readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
          .filter((file) => file !== 'manifest.json' && !file.endsWith('.map'))
          .sort();
        const manifest = Object.fromEntries(files.map((file) => [`/${file}`, file]));
        writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
      },
    },
  };
}

/** No inline scripts, styles or data: the content security policy refuses them. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [svelte({ configFile: false }), fileList()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    sourcemap: true,
    // One file from the local disk: its size costs nothing.
    chunkSizeWarningLimit: 4000,
  },
  worker: { format: 'es' },
});
