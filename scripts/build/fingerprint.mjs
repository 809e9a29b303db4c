import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, root, writeJson } from '../setup/paths.mjs';

const never = /(^|\/)(node_modules|dist)(\/|$)|\.test\.ts$/;

/** Hash of the names and bytes of everything below the given paths, tests left out. */
function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesBelow)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 24);
}

function filesBelow(path) {
  const full = join(root, path);
  if (!existsSync(full) || never.test(path)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .sort()
    .flatMap((name) => filesBelow(`${path}/${name}`));
}

/** Does `work` unless its inputs are those of last time and its outputs are still there. */
export async function once(name, { inputs, outputs }, work) {
  const record = join(root, 'dist', `.${name}.json`);
  const now = fingerprint(inputs);
  const same = readJson(record)?.fingerprint === now;
  if (same && outputs.every((output) => existsSync(join(root, output)))) return false;
  await work();
  writeJson(record, { fingerprint: now });
  return true;
}
