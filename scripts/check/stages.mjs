import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/paths.mjs';

const tool = (path) => join(root, 'node_modules', path);

/** What `npm run check` runs; each counts as one test. */
export const stages = [
  { name: 'types', program: tool('typescript/bin/tsc'), args: ['-b', '--pretty', 'false'] },
  {
    name: 'types in Svelte',
    program: tool('svelte-check/bin/svelte-check'),
    args: ['--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  },
  { name: 'lint', program: tool('eslint/bin/eslint.js'), args: ['--max-warnings', '0', '.'] },
  {
    name: 'layers',
    program: tool('dependency-cruiser/bin/dependency-cruise.mjs'),
    args: [
      ...['--config', '.dependency-cruiser.cjs', '--output-type', 'err'],
      ...['main', 'model', 'volume', 'renderer', 'electron', 'e2e', 'bench', 'scripts'].filter(
        (folder) => existsSync(join(root, folder)),
      ),
    ],
  },
  { name: 'unused code', program: tool('knip/bin/knip.js'), args: ['--no-progress'] },
  {
    name: 'format',
    program: tool('prettier/bin/prettier.cjs'),
    args: ['--check', '--log-level', 'warn', '.'],
  },
];
