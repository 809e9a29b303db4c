import { readFile, writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { launchApp, makeHome } from './app-driver';
import { writeStoryStack } from './story-stack';

const Known = z.object({ machines: z.array(z.object({ probed: z.string().nullable() })) });

/** A busy machine takes minutes. */
const PROBE_MS = 300_000;

/** The engines of this machine once they were all probed; null = not yet. */
async function probedIn(userData: string): Promise<string | null> {
  const text = await readFile(join(userData, 'engines.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  return Known.parse(JSON.parse(text)).machines.some(({ probed }) => probed !== null) ? text : null;
}

/**
 * Lets the app probe its engines once, as it does at its first start, and hands
 * what it found to all stories: probed again in each of them it took both cores
 * for a quarter of their time.
 */
export default async function knowEngines(): Promise<() => Promise<void>> {
  await writeStoryStack();
  const folder = await mkdtemp(join(tmpdir(), 'membrana-engines-'));
  const home = await makeHome('unknown');
  const app = await launchApp({ home });
  const until = Date.now() + PROBE_MS;
  let found = await probedIn(home.userData);
  while (found === null && Date.now() < until) {
    await new Promise((done) => setTimeout(done, 200));
    found = await probedIn(home.userData);
  }
  await app.close();
  await home.remove();
  if (found !== null) {
    const path = join(folder, 'engines.json');
    await writeFile(path, found);
    process.env['MEMBRANA_KNOWN_ENGINES'] = path;
  }
  return () => rm(folder, { recursive: true, force: true });
}
