import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Peers from PyPI, at the versions that the measured figures come from. */
const peers = {
  torch: { title: 'PyTorch', module: 'torch', requirements: ['torch==2.15.0', 'numpy'] },
  sklearn: { title: 'scikit-learn', module: 'sklearn', requirements: ['scikit-learn==1.9.1'] },
  skimage: { title: 'scikit-image', module: 'skimage', requirements: ['scikit-image==0.26.0'] },
  napari: {
    title: 'napari',
    module: 'napari',
    requirements: [
      'napari==0.9.2',
      'PyQt5==5.15.11',
      'tifffile',
      'imagecodecs==2026.3.6',
      'zarr',
      'dask',
    ],
  },
} as const;

/** A Python with the peer, installed from PyPI into `.runtime/peers` on first use (a few GB for PyTorch). */
export function peerPython(peer: keyof typeof peers = 'torch'): {
  readonly python: string;
  readonly version: string;
} {
  const { title, module, requirements } = peers[peer];
  const runtime =
    process.env['MEMBRANA_RUNTIME'] ?? join(import.meta.dirname, '..', '..', '.runtime');
  const folder = join(runtime, 'peers');
  const python = join(folder, 'bin', 'python');
  const installed = (): boolean => {
    if (!existsSync(python)) return false;
    try {
      execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  if (!installed()) {
    process.stderr.write(`Installing ${title} (${requirements.join(', ')}) into ${folder} …\n`);
    if (!existsSync(python))
      execFileSync('python3', ['-m', 'venv', folder], { stdio: ['ignore', 2, 2] });
    execFileSync(python, ['-m', 'pip', 'install', '-q', ...requirements], {
      stdio: ['ignore', 2, 2],
    });
  }
  const version = execFileSync(python, ['-c', `import ${module}; print(${module}.__version__)`], {
    encoding: 'utf8',
  });
  return { python, version: version.trim() };
}
