import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Package = z.object({ version: z.string() });

/** A peer from npm at the version that the measured figures come from, installed into `.runtime/peers/NAME` on first use. */
export function npmPeer(
  name: string,
  version: string,
): { readonly folder: string; readonly version: string } {
  const runtime =
    process.env['MEMBRANA_RUNTIME'] ?? join(import.meta.dirname, '..', '..', '.runtime');
  const place = join(runtime, 'peers', name);
  const folder = join(place, 'node_modules', name);
  const record = join(folder, 'package.json');
  const installed = (): string | null =>
    existsSync(record) ? Package.parse(JSON.parse(readFileSync(record, 'utf8'))).version : null;
  if (installed() !== version) {
    process.stderr.write(`Installing ${name} ${version} into ${place} …\n`);
    mkdirSync(place, { recursive: true });
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];
    execFileSync('npm', ['install', '--prefix', place, ...flags, `${name}@${version}`], {
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
  }
  return { folder, version: installed() ?? version };
}
