import { join } from 'node:path';
import { SetupError } from './console.mjs';
import { readJson, root } from './paths.mjs';
import { capture } from './process.mjs';

/** Exact npm packages of package-lock.json; install scripts stay off (.npmrc). */
export async function installDependencies(note) {
  const lock = readJson(join(root, 'package-lock.json'));
  if (lock === undefined) {
    throw new SetupError(
      'package-lock.json is missing or damaged.',
      'git checkout package-lock.json',
    );
  }
  const count = Object.keys(lock.packages).length - 1;
  if (installed(lock)) return `npm packages (${count})`;
  note(`installing ${count} packages with npm ci`);
  const result = await capture(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
    },
  );
  if (result.code !== 0) {
    throw new SetupError(
      `npm ci failed.\n${firstErrors(result)}`,
      'check that the npm registry can be reached (`npm ping`) and that package.json and package-lock.json agree, then run the command again.',
    );
  }
  return `npm packages (${count} installed)`;
}

/** npm keeps a record of what it installed; every package of the lock must be in it. */
function installed(lock) {
  const record = readJson(join(root, 'node_modules', '.package-lock.json'));
  if (record === undefined) return false;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true;
    const found = record.packages[path];
    if (found === undefined) return Boolean(wanted.optional ?? wanted.devOptional ?? wanted.peer);
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/** npm names the cause first and its own usage afterwards. */
function firstErrors({ stdout, stderr }) {
  return `${stderr}\n${stdout}`.trim().split('\n').slice(0, 8).join('\n');
}
