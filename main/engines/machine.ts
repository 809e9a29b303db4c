import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { cpus } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** What a probe's result holds for: any change of it asks for a new one. */
export const Machine = z.object({
  app: z.string(),
  /** Electron's or Node's version: their allocators differ. */
  runtime: z.string(),
  processor: z.string(),
  threads: z.int().positive(),
  /** Graphics cards and their drivers, as far as the system tells without loading one. */
  adapters: z.array(z.string()),
  /** Engine package → version; for what was built here also when. */
  libraries: z.record(z.string(), z.string()),
});
export type Machine = z.infer<typeof Machine>;

export function sameMachine(a: Machine, b: Machine): boolean {
  const pairs = ({ libraries }: Machine): string =>
    JSON.stringify(Object.entries(libraries).sort(([one], [other]) => (one < other ? -1 : 1)));
  return (
    a.app === b.app &&
    a.runtime === b.runtime &&
    a.processor === b.processor &&
    a.threads === b.threads &&
    JSON.stringify(a.adapters) === JSON.stringify(b.adapters) &&
    pairs(a) === pairs(b)
  );
}

const here = dirname(fileURLToPath(import.meta.url));

/** The folders from this file up to the root, nearest first. */
function* above(folder: string): Generator<string> {
  for (let at = folder; ; at = dirname(at)) {
    yield at;
    if (dirname(at) === at) return;
  }
}

const Package = z.object({ name: z.string().optional(), version: z.string() });

async function readPackage(folder: string): Promise<z.infer<typeof Package> | null> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = Package.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

/** Version of this app, from the package file that it was built beside; empty where there is none. */
export async function appVersion(): Promise<string> {
  for (const folder of above(here)) {
    const found = await readPackage(folder);
    if (found?.name === 'membrana') return found.version;
  }
  return '';
}

/** The same, and when it was built: a checkout changes without a new version. */
async function ownVersion(): Promise<string> {
  const { mtimeMs } = await stat(fileURLToPath(import.meta.url));
  const version = await appVersion();
  return version === '' ? '' : `${version} built ${Math.round(mtimeMs)}`;
}

/** What makes an engine another one: the package's version, and the native part that set-up builds for TensorFlow. */
const engineFiles: Readonly<Record<string, string>> = {
  'onnxruntime-node': '',
  '@tensorflow/tfjs-node-gpu': 'lib/napi-v8/tfjs_binding.node',
};

async function libraryVersions(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, built] of Object.entries(engineFiles)) {
    for (const folder of above(here)) {
      const place = join(folder, 'node_modules', name);
      const described = await readPackage(place);
      if (described === null) continue;
      const native = built === '' ? null : await stat(join(place, built)).catch(() => null);
      const when = built === '' ? '' : native === null ? ' not built' : ` built ${native.mtimeMs}`;
      found[name] = `${described.version}${when}`;
      break;
    }
  }
  return found;
}

const firstLine = async (path: string): Promise<string | null> =>
  (await readFile(path, 'utf8').catch(() => null))?.split('\n')[0]?.trim() ?? null;

/** Linux tells its graphics cards in files; other systems tell nothing cheaply. */
async function graphicsAdapters(system: string): Promise<string[]> {
  const adapters: string[] = [];
  const nvidia = await firstLine(join(system, 'proc', 'driver', 'nvidia', 'version'));
  if (nvidia !== null) adapters.push(nvidia);
  const cards = join(system, 'sys', 'class', 'drm');
  for (const card of (await readdir(cards).catch(() => [])).sort()) {
    if (!/^card\d+$/.test(card)) continue;
    const device = join(cards, card, 'device');
    const [vendor, model] = await Promise.all(
      ['vendor', 'device'].map((file) => firstLine(join(device, file))),
    );
    const driver = await readlink(join(device, 'driver')).catch(() => '');
    adapters.push([vendor, model, basename(driver)].filter(Boolean).join(' '));
  }
  return adapters;
}

/** This machine as far as the engines are concerned. `system` is the root of its files. */
export async function thisMachine(threads: number, system = '/'): Promise<Machine> {
  const { electron, node } = process.versions;
  return {
    app: await ownVersion(),
    runtime: electron === undefined ? `Node ${node}` : `Electron ${electron}`,
    processor: cpus()[0]?.model.trim() ?? '',
    threads,
    adapters: await graphicsAdapters(system),
    libraries: await libraryVersions(),
  };
}
