import { performance } from 'node:perf_hooks';

/** A failure with its next step: what to type or to change. */
export class SetupError extends Error {
  constructor(message, next) {
    super(message);
    this.name = 'SetupError';
    this.next = next;
  }
}

const colours = process.stderr.isTTY && process.env.NO_COLOR === undefined;
const paint = (code, text) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);

export const marks = {
  ok: paint('32', '✓'),
  failed: paint('31', '✗'),
  missing: paint('33', '–'),
};

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/**
 * Runs one step and prints one line for it on stderr (stdout belongs to what
 * is started afterwards).
 * @param {string} name
 * @param {{ quiet?: boolean }} options
 * @param {(note: (text: string) => void) => Promise<string | { summary: string, missing: string }>} work
 *   resolves to the step's line; `missing` says what will not work without it.
 */
export async function step(name, options, work) {
  const started = performance.now();
  const note = (text) => {
    if (!options.quiet) process.stderr.write(`  ${paint('2', `${name}: ${text}`)}\n`);
  };
  try {
    const outcome = await work(note);
    const took = seconds(performance.now() - started);
    if (typeof outcome === 'string') {
      if (!options.quiet) process.stderr.write(`${marks.ok} ${outcome} ${paint('2', took)}\n`);
      return;
    }
    process.stderr.write(`${marks.missing} ${outcome.summary} ${paint('2', took)}\n`);
    process.stderr.write(`${outcome.missing.replace(/^/gm, '    ')}\n`);
  } catch (error) {
    const took = seconds(performance.now() - started);
    process.stderr.write(`${marks.failed} ${name} ${paint('2', took)}\n`);
    process.stderr.write(`${String(error?.message ?? error).replace(/^/gm, '    ')}\n`);
    if (error instanceof SetupError) process.stderr.write(`    Next: ${error.next}\n`);
    else process.stderr.write(`${String(error?.stack ?? '').replace(/^/gm, '    ')}\n`);
    throw error;
  }
}
