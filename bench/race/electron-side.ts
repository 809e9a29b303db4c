import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { overLines, ownFile, type Side } from './side';

const root = join(import.meta.dirname, '..', '..');
const Runtime = z.object({ executable: z.string() });

/** The Electron that is set up here; null = none. */
export function electronExecutable(): string | null {
  const record = join(root, '.runtime', 'electron.json');
  if (!existsSync(record)) return null;
  const { executable } = Runtime.parse(JSON.parse(readFileSync(record, 'utf8')));
  return existsSync(executable) ? executable : null;
}

/** Chromium's sandbox refuses to run as root; only then is it left off. */
function sandboxArguments(): readonly string[] {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/** This benchmark's own file in a utility process of real Electron. Needs a display. Rejects as `ownSide` does. */
export async function electronSide(
  name: string,
  executable: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Side> {
  const folder = mkdtempSync(join(tmpdir(), 'membrana-host-'));
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  copyFileSync(join(import.meta.dirname, 'race', 'utility-host.js'), join(folder, 'host.js'));
  const manifest = { name: 'membrana-bench', version: '1.0.0', type: 'module', main: 'host.js' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const flags = [...sandboxArguments(), `--user-data-dir=${join(folder, 'user')}`];
  const child = spawn(executable, [...flags, folder, '--', ownFile(), ...words], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  child.once('close', remove);
  return overLines(name, child);
}
