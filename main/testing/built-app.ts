import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '..', '..');

/** The Node side as it ships: what `npm run build` makes, by the very options it makes it with. */
export interface BuiltApp {
  readonly cli: string;
  readonly decodeWorker: URL;
}

/** Builds what changed since the last build; next to nothing where nothing did. */
export async function builtApp(): Promise<BuiltApp> {
  await promisify(execFile)(process.execPath, [join(root, 'scripts', 'build.mjs')], { cwd: root });
  const folder = join(root, 'dist', 'main');
  return {
    cli: join(folder, 'cli.js'),
    decodeWorker: pathToFileURL(join(folder, 'decode-worker.js')),
  };
}
