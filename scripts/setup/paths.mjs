import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this file lies in. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * Everything that set-up downloads. Inside the clone, so that deleting the
 * clone deletes all of it; `MEMBRANA_RUNTIME` shares one folder between clones.
 */
export const runtime = resolve(
  process.env.INIT_CWD ?? root,
  process.env.MEMBRANA_RUNTIME ?? join(root, '.runtime'),
);

/** What set-up found, for everything that starts Electron or the engine; always in the clone. */
export const electronRecord = join(root, '.runtime', 'electron.json');
export const tensorflowRecord = join(root, '.runtime', 'tensorflow.json');
export const downloads = join(runtime, 'downloads');

/** @returns the parsed file, or undefined where there is none that parses. */
export function readJson(path) {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Writes beside the file and renames, so that a stopped set-up leaves no half record. */
export function writeJson(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(beside, path);
}
