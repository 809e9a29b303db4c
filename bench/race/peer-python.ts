import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The version that the measured figures come from. */
const torchVersion = '2.15.0';

/** A Python with PyTorch, installed from PyPI into `.runtime/peers` on first use (a few GB). */
export function peerPython(): { readonly python: string; readonly version: string } {
  const runtime =
    process.env['MEMBRANA_RUNTIME'] ?? join(import.meta.dirname, '..', '..', '.runtime');
  const folder = join(runtime, 'peers');
  const python = join(folder, 'bin', 'python');
  const installed = (): boolean => {
    if (!existsSync(python)) return false;
    try {
      execFileSync(python, ['-c', 'import torch'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  if (!installed()) {
    process.stderr.write(`Installing PyTorch ${torchVersion} into ${folder} …\n`);
    execFileSync('python3', ['-m', 'venv', folder], { stdio: ['ignore', 2, 2] });
    execFileSync(python, ['-m', 'pip', 'install', '-q', `torch==${torchVersion}`, 'numpy'], {
      stdio: ['ignore', 2, 2],
    });
  }
  const version = execFileSync(python, ['-c', 'import torch; print(torch.__version__)'], {
    encoding: 'utf8',
  });
  return { python, version: version.trim() };
}
