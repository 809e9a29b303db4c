import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The versions that the measured figures come from, and the module that each is imported as. */
const packages = {
  torch: { version: '2.15.0', module: 'torch' },
  'scikit-learn': { version: '1.9.1', module: 'sklearn' },
} as const;
type PeerPackage = keyof typeof packages;

/**
 * A Python with the packages, installed from PyPI into `.runtime/peers` on first
 * use (PyTorch: a few GB), and the version of the first of them.
 */
export function peerPython(wanted: readonly [PeerPackage, ...PeerPackage[]] = ['torch']): {
  readonly python: string;
  readonly version: string;
} {
  const runtime =
    process.env['MEMBRANA_RUNTIME'] ?? join(import.meta.dirname, '..', '..', '.runtime');
  const folder = join(runtime, 'peers');
  const python = join(folder, 'bin', 'python');
  const installed = (): boolean => {
    if (!existsSync(python)) return false;
    try {
      const imports = wanted.map((name) => `import ${packages[name].module}`).join('; ');
      execFileSync(python, ['-c', imports], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  if (!installed()) {
    const named = wanted.map((name) => `${name}==${packages[name].version}`);
    process.stderr.write(`Installing ${named.join(', ')} into ${folder} …\n`);
    execFileSync('python3', ['-m', 'venv', folder], { stdio: ['ignore', 2, 2] });
    execFileSync(python, ['-m', 'pip', 'install', '-q', ...named, 'numpy'], {
      stdio: ['ignore', 2, 2],
    });
  }
  const { module } = packages[wanted[0]];
  const version = execFileSync(python, ['-c', `import ${module}; print(${module}.__version__)`], {
    encoding: 'utf8',
  });
  return { python, version: version.trim() };
}
