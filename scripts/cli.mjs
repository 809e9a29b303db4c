import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './setup/paths.mjs';

const cli = join(root, 'dist', 'main', 'cli.js');

if (existsSync(cli)) {
  // npm runs scripts in the package's folder; paths are meant from where the person stands.
  if (process.env.INIT_CWD !== undefined) process.chdir(process.env.INIT_CWD);
  process.argv[1] = cli;
  await import(pathToFileURL(cli).href);
} else {
  process.stderr.write(
    'The command line is not built yet.\nNext: npm run setup (once), or npm run build.\n',
  );
  process.exitCode = 1;
}
