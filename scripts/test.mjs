import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { check } from './check.mjs';
import { setup } from './setup.mjs';
import { SetupError } from './setup/console.mjs';
import { readJson, root, tensorflowRecord } from './setup/paths.mjs';
import { addCommand } from './setup/tensorflow-plan.mjs';
import { e2e, unit } from './test/suites.mjs';
import { add, emptyTally, lastLine } from './test/tally.mjs';

/** `npm test -- --only unit main/stacks` runs one suite; names after it choose within the suite. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' } },
});
const suites = { check, unit, e2e };
const wanted = values.only === undefined ? Object.keys(suites) : [values.only];
const say = (text) => process.stdout.write(`${text}\n`);

/** What this machine can't run, so that nobody takes silence for a pass. */
function missingHere() {
  const lines = [];
  const given = process.env.MEMBRANA_DATA;
  const data = given === undefined ? join(root, '..', 'shared', 'data') : resolve(given);
  if (!existsSync(data)) {
    lines.push(
      'the larger stories on real stacks: no ../shared/data; set MEMBRANA_DATA to a folder that has them.',
    );
  }
  const tensorflow = readJson(tensorflowRecord);
  if (tensorflow?.available !== true) {
    const reason = tensorflow?.reason ?? `it is not set up; add it with: ${addCommand}`;
    lines.push(`tests of the TensorFlow engine: ${reason.replaceAll('\n', '\n    ')}`);
  }
  return lines;
}

async function run(total, name, work) {
  say(`\n── ${name}`);
  try {
    add(total, await work());
  } catch (error) {
    total.failed += 1;
    if (!(error instanceof SetupError)) say(String(error?.stack ?? error));
  }
}

const total = emptyTally();
if (wanted.every((name) => name in suites)) {
  await run(total, 'set-up and build', async () => {
    // The engines' tests run TensorFlow too where it can be had; the checks don't need it.
    await setup({ tensorflow: wanted.some((name) => name !== 'check') ? 'try' : 'keep' });
    return emptyTally();
  });
  if (total.failed === 0) {
    // Each takes two cores by itself, and waits for nothing that another one could use.
    for (const name of wanted) await run(total, name, () => suites[name](positionals));
  }
  const absent = missingHere();
  if (absent.length + total.leftOut.length > 0) {
    say('\nLeft out:');
    for (const line of [...absent, ...total.leftOut]) say(`  – ${line}`);
  }
} else {
  say(`--only takes one of ${Object.keys(suites).join(', ')}.`);
  total.failed = 1;
}
say(`\n${lastLine(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;
