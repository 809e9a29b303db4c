import { setup } from './setup.mjs';
import { SetupError } from './setup/console.mjs';
import { e2e } from './test/suites.mjs';
import { lastLine } from './test/tally.mjs';

/** The story of a stack larger than memory at 100 GB, a sparse file; `npm test` runs it at 20 GB. */
process.env.MEMBRANA_LARGE = 'all';
try {
  await setup();
  const total = await e2e(['large.spec']);
  process.stdout.write(`\n${lastLine(total)}\n`);
  process.exitCode = total.failed === 0 ? 0 : 1;
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.exitCode = 1;
}
