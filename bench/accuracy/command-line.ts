import { spawn } from 'node:child_process';
import { cliScript } from './places';

/** Runs one command of ours to its end in a process of its own; its progress goes to stderr. */
export async function runCommand(words: readonly string[], threads: number): Promise<unknown> {
  const child = spawn(process.execPath, [cliScript, ...words, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, MEMBRANA_THREADS: String(threads), TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${words[0] ?? ''} ended with ${String(code)}: ${text}`);
  return JSON.parse(text);
}
