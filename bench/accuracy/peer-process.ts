import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Runs a peer to its end. `answer` gets every line of JSON that it prints and
 * may give one back, for which the peer waits. @returns the last line
 */
export async function runPeer(
  python: string,
  script: string,
  job: string,
  threads: number,
  answer: (event: unknown) => Promise<object | null> = () => Promise.resolve(null),
): Promise<unknown> {
  const child = spawn(python, [script, job], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: String(threads), PYTHONDONTWRITEBYTECODE: '1' },
  });
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  try {
    let last: unknown = null;
    for await (const line of createInterface({ input: child.stdout })) {
      last = JSON.parse(line);
      const reply = await answer(last);
      if (reply !== null) child.stdin.write(`${JSON.stringify(reply)}\n`);
    }
    const code = await closed;
    if (code !== 0) throw new Error(`${script} ended with ${String(code)}`);
    return last;
  } finally {
    child.kill();
  }
}
