import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { bundleOptions, nodeEntries, rendererEntries } from './build/entries.mjs';
import { once } from './build/fingerprint.mjs';
import { SetupError, step } from './setup/console.mjs';
import { withSetupLock } from './setup/lock.mjs';
import { root } from './setup/paths.mjs';

const tooling = ['package.json', 'package-lock.json', 'scripts/build.mjs', 'scripts/build'];

/**
 * Builds dist/renderer, dist/main and dist/bench where their sources changed.
 * @param {{ force?: boolean }} options
 * @returns {Promise<string>} the line that says what was built
 */
export async function build({ force = false } = {}) {
  if (force) rmSync(join(root, 'dist'), { recursive: true, force: true });
  const built = [];
  const renderer = {
    inputs: [...tooling, 'renderer', 'main/contract', 'volume'],
    outputs: ['dist/renderer/index.html', 'dist/renderer/manifest.json'],
  };
  const entries = nodeEntries();
  const sources = [...rendererEntries, ...entries.map(({ source }) => source)];
  const absent = sources.filter((source) => !existsSync(join(root, source)));
  if (absent.length > 0) {
    throw new SetupError(`${absent.join(', ')} is not there.`, 'git checkout the missing files.');
  }
  let windowError;
  try {
    if (await once('renderer', renderer, buildRenderer)) built.push('renderer');
  } catch (error) {
    windowError = error;
  }
  const node = {
    inputs: [...tooling, 'main', 'model', 'volume', 'electron', 'renderer/labels', 'bench'],
    outputs: entries.map(({ output }) => output),
  };
  if (await once('node', node, () => bundle(entries))) built.push(`${entries.length} Node entries`);
  if (windowError !== undefined) throw windowError;
  return built.length === 0 ? 'build (nothing changed)' : `build (${built.join(', ')})`;
}

/** Built beside and then swapped in, so that an app that is running keeps its files. */
async function buildRenderer() {
  const { build: vite } = await import('vite');
  const place = join(root, 'dist', 'renderer');
  const fresh = `${place}.fresh`;
  try {
    await vite({
      configFile: join(root, 'renderer', 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir: fresh },
    });
  } catch (error) {
    throw new SetupError(
      `The window could not be built.\n${plain(error)}`,
      'fix what is named above.',
    );
  }
  rmSync(place, { recursive: true, force: true });
  renameSync(fresh, place);
}

/** Builds every entry, so that one broken source doesn't hide the others. */
async function bundle(entries) {
  const { build: rolldown } = await import('rolldown');
  const broken = [];
  for (const entry of entries) {
    try {
      const fresh = entry.output.replace(/^dist\/(\w+)\//, 'dist/$1.fresh/');
      await rolldown(bundleOptions({ ...entry, output: fresh }));
      for (const suffix of ['', '.map']) {
        mkdirSync(dirname(join(root, entry.output)), { recursive: true });
        renameSync(join(root, fresh + suffix), join(root, entry.output + suffix));
      }
    } catch (error) {
      broken.push(`${entry.source} could not be built.\n${plain(error)}`);
    }
  }
  for (const side of ['main', 'bench']) {
    rmSync(join(root, 'dist', `${side}.fresh`), { recursive: true, force: true });
  }
  if (broken.length > 0) throw new SetupError(broken.join('\n'), 'fix what is named above.');
}

const plain = (error) => stripVTControlCharacters(error.message);

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const force = process.argv.includes('--force');
    await withSetupLock(() => step('build', {}, () => build({ force })));
  } catch {
    process.exitCode = 1;
  }
}
