import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { stages } from './check/stages.mjs';
import { marks, seconds } from './setup/console.mjs';
import { root } from './setup/paths.mjs';
import { capture } from './setup/process.mjs';

/** How many stages run at once; more compete for the same cores and memory. */
const lanes = 2;

/**
 * Runs the checks and prints one line for each, and what a failed one said.
 * @param {string[]} only names of stages; none = all
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function check(only = []) {
  const waiting = stages.filter(({ name }) => only.length === 0 || only.includes(name));
  const results = { passed: 0, failed: 0 };
  const lane = async () => {
    for (let stage = waiting.shift(); stage !== undefined; stage = waiting.shift()) {
      if (await runStage(stage)) results.passed += 1;
      else results.failed += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

async function runStage({ name, program, args }) {
  const started = performance.now();
  const { code, stdout, stderr } = await capture(process.execPath, [program, ...args], {
    cwd: root,
    env: { ...process.env, FORCE_COLOR: '0', NO_UPDATE_NOTIFIER: '1' },
  });
  const took = seconds(performance.now() - started);
  if (code === 0) {
    process.stdout.write(`${marks.ok} ${name} ok ${took}\n`);
    return true;
  }
  process.stdout.write(`${marks.failed} ${name} failed ${took}\n`);
  process.stdout.write(`${`${stdout}\n${stderr}`.trim().replace(/^/gm, '    ')}\n`);
  return false;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { failed } = await check(process.argv.slice(2));
  process.exitCode = failed === 0 ? 0 : 1;
}
