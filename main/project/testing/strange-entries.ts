import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cp,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';

/** A place in a folder, relative to it, and what lies there. */
export interface Place {
  readonly path: string;
  readonly kind: 'file' | 'folder';
}

/** Every file and folder below `folder`, so that a new kind of file is attacked as soon as a project has one. */
export async function placesIn(folder: string, at = folder): Promise<Place[]> {
  const found: Place[] = [];
  for (const entry of await readdir(at, { withFileTypes: true })) {
    const path = join(at, entry.name);
    const kind = entry.isDirectory() ? 'folder' : 'file';
    found.push({ path: relative(folder, path), kind });
    if (kind === 'folder') found.push(...(await placesIn(folder, path)));
  }
  return found.sort((a, b) => a.path.localeCompare(b.path));
}

/** What the folder outside holds, to be seen nowhere inside. */
export const SECRET = 'private: the grant application of another group';

/** Puts something strange at `at`, whose entry `was` was taken away; `outside` is a folder with private files. */
type Plant = (at: string, was: string, outside: string) => Promise<void>;

async function socketAt(at: string): Promise<void> {
  // The path of a socket may have a hundred bytes only.
  const short = join(tmpdir(), `s-${String(process.pid)}-${basename(at).slice(0, 8)}`);
  const server = createServer();
  await new Promise<void>((done) => server.listen(short, done));
  await rename(short, at);
  await new Promise<void>((done) => server.close(() => done()));
}

/** A sparse file: 5 GB long, nothing on the disk. */
async function hugeAt(at: string): Promise<void> {
  const handle = await open(at, 'w');
  await handle.truncate(5e9);
  await handle.close();
}

export const strangers: Readonly<Record<string, { for: readonly Place['kind'][]; plant: Plant }>> =
  {
    'a link to the same bytes outside': {
      for: ['file', 'folder'],
      async plant(at, was, outside) {
        const copy = join(outside, `copy-${basename(at)}`);
        await cp(was, copy, { recursive: true });
        await symlink(copy, at);
      },
    },
    'a link to a private file': {
      for: ['file'],
      plant: (at, _, outside) => symlink(join(outside, 'secret.txt'), at),
    },
    'a link to a private folder': {
      for: ['folder'],
      plant: (at, _, outside) => symlink(join(outside, 'secrets'), at),
    },
    'a link to nothing': {
      for: ['file', 'folder'],
      plant: (at, _, outside) => symlink(join(outside, 'not-there'), at),
    },
    'a link to /dev/zero': { for: ['file'], plant: (at) => symlink('/dev/zero', at) },
    'a second name of a file outside': {
      for: ['file'],
      async plant(at, was, outside) {
        const copy = join(outside, `copy-${basename(at)}`);
        await cp(was, copy);
        await link(copy, at);
      },
    },
    'a pipe': {
      for: ['file', 'folder'],
      plant: (at) => Promise.resolve(void execFileSync('mkfifo', [at])),
    },
    'a socket': { for: ['file', 'folder'], plant: socketAt },
    'a folder': { for: ['file'], plant: (at) => mkdir(at).then(() => undefined) },
    'a file': { for: ['folder'], plant: (at) => writeFile(at, 'not a folder') },
    'a file of 5 GB': { for: ['file'], plant: hugeAt },
  };

/** Copies a project, puts a stranger in one place of it and gives back what the copy and the outside are. */
export async function attacked(
  project: string,
  place: Place,
  stranger: string,
  folder: string,
): Promise<{ readonly copy: string; readonly outside: string }> {
  const copy = join(folder, 'Attacked.emproj');
  const outside = join(folder, 'outside');
  const aside = join(folder, 'aside');
  for (const old of [copy, outside, aside]) await rm(old, { recursive: true, force: true });
  await mkdir(join(outside, 'secrets'), { recursive: true });
  await writeFile(join(outside, 'secret.txt'), SECRET);
  await writeFile(join(outside, 'secrets', 'secret.txt'), SECRET);
  await cp(project, copy, { recursive: true });
  const at = join(copy, place.path);
  await rename(at, aside);
  await strangers[stranger]?.plant(at, aside, outside);
  return { copy, outside };
}

/** A line for everything below `folder`: kind, time of change, content. */
export async function fingerprintOf(folder: string): Promise<string> {
  const lines: string[] = [];
  for (const { path } of await placesIn(folder)) {
    const at = join(folder, path);
    const stats = await lstat(at);
    const content = stats.isFile() ? createHash('sha256').update(await readFile(at)) : null;
    lines.push(
      `${path} ${String(stats.mode)} ${String(stats.mtimeMs)} ${content?.digest('hex') ?? ''}`,
    );
  }
  return lines.join('\n');
}

/** Plain files below `folder`, no link followed, that hold the secret. */
export async function leaksIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const { path } of await placesIn(folder)) {
    const stats = await lstat(join(folder, path));
    if (!stats.isFile() || stats.size > 64 << 20) continue;
    if ((await readFile(join(folder, path))).includes(SECRET)) found.push(path);
  }
  return found;
}

/** Ends whoever waits for the other end of a pipe below `folder`, so that one hang is one failure. */
export async function releasePipes(folder: string): Promise<void> {
  for (const { path } of await placesIn(folder)) {
    const at = join(folder, path);
    const stats = await lstat(at);
    const target = stats.isSymbolicLink() ? await readlink(at) : at;
    if (!stats.isFIFO() || target !== at) continue;
    const other = await open(at, 'r+');
    await other.write('end\n');
    await other.close();
  }
}
