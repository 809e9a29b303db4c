import { spawn, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { builtApp } from '../../testing/built-app';

const root = resolve(import.meta.dirname, '..', '..', '..');

/** The command line as it ships, in dist/. */
export interface BuiltCli {
  readonly file: string;
}

export async function buildCli(): Promise<BuiltCli> {
  return { file: (await builtApp()).cli };
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a command in a folder, as npm does: another working folder, INIT_CWD says where. */
export function startCli(
  { file }: BuiltCli,
  folder: string,
  words: readonly string[],
): { readonly child: ChildProcess; readonly ended: Promise<Ran> } {
  const child = spawn(process.execPath, [file, ...words], {
    cwd: root,
    env: {
      ...process.env,
      INIT_CWD: folder,
      MEMBRANA_THREADS: '1',
      MEMBRANA_USER_DATA: join(folder, 'user-data'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ran>((done) => {
    child.on('close', (code) => {
      done({ code, stdout, stderr });
    });
  });
  return { child, ended };
}

export async function runCli(
  cli: BuiltCli,
  folder: string,
  words: readonly string[],
): Promise<Ran> {
  return startCli(cli, folder, words).ended;
}

const Failure = z.object({
  error: z
    .object({ code: z.string(), message: z.string().min(1), hint: z.string().min(1) })
    .strict(),
});

/** The error document of a failed command; throws when stdout is anything else. */
export function failureOf({ stdout }: Ran): z.infer<typeof Failure>['error'] {
  return Failure.parse(JSON.parse(stdout)).error;
}
