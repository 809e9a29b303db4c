import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @returns the full path of a program on PATH, or undefined. */
export function which(program) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const candidate = join(folder, program);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      continue;
    }
  }
  return undefined;
}

/**
 * Runs a program with stdin closed and its output kept.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, idle?: number, progress?: () => number }} options
 *   `idle`: milliseconds without a sign of life after which it is stopped;
 *   output is one, a change of `progress()` is another.
 * @returns {Promise<{ code: number, stdout: string, stderr: string, idled: boolean }>}
 */
export function capture(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let idled = false;
    let alive = Date.now();
    let last = options.progress?.();
    const { idle } = options;
    const watch =
      idle === undefined
        ? undefined
        : setInterval(() => {
            const now = options.progress?.();
            if (now !== last) {
              last = now;
              alive = Date.now();
            }
            if (Date.now() - alive > idle) {
              idled = true;
              child.kill('SIGKILL');
            }
          }, 500);
    child.stdout.on('data', (bytes) => {
      stdout += bytes;
      alive = Date.now();
    });
    child.stderr.on('data', (bytes) => {
      stderr += bytes;
      alive = Date.now();
    });
    const finish = (code) => {
      clearInterval(watch);
      resolve({ code, stdout, stderr, idled });
    };
    child.on('error', (error) => {
      stderr += error.message;
      finish(127);
    });
    child.on('close', (code) => finish(code ?? 1));
  });
}

/** The last lines of a program's output, for an error message. */
export function tail({ stdout, stderr }, lines = 12) {
  return `${stdout}\n${stderr}`.trim().split('\n').slice(-lines).join('\n');
}
