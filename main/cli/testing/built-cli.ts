import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '..', '..', '..');

/** The command line as it ships: three built files, with resources two folders up. */
export interface BuiltCli {
  readonly file: string;
  remove(): Promise<void>;
}

export async function buildCli(): Promise<BuiltCli> {
  const folder = join(root, 'dist', `cli-test-${process.pid}`);
  await mkdir(folder, { recursive: true });
  const entries = {
    'cli.js': 'main/cli/cli.ts',
    'compute.js': 'main/compute/entry.ts',
    'decode-worker.js': 'main/stacks/decode-worker.ts',
    'gradient-worker.js': 'model/engines/onnx/gradient-worker.ts',
  };
  for (const [name, source] of Object.entries(entries)) {
    const bundle = await rolldown({
      input: join(root, source),
      platform: 'node',
      external: [/^@tensorflow\//, /^onnxruntime-node/],
      logLevel: 'silent',
    });
    await bundle.write({ file: join(folder, name), format: 'esm', codeSplitting: false });
    await bundle.close();
  }
  return {
    file: join(folder, 'cli.js'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
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
