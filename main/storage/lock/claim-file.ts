import { join } from 'node:path';
import { z } from 'zod';
import { limits } from '#contract/limits';
import { fileNumber, parseFileNumber } from '../file-number';
import {
  readFileIfThere,
  systemCode,
  unlinkIfThere,
  writeAll,
  type FileSystem,
} from '../file-system';

/** A claim is a few hundred bytes. */
export const LARGEST_CLAIM = 64 << 10;

const text = z.string().max(limits.name);

const Owner = z.object({
  token: text,
  pid: z.int(),
  host: text,
  /** Claims of earlier versions don't say. */
  machine: text.default(''),
  boot: text,
  namespace: text,
  processStart: text,
  since: text,
});
export type Owner = z.infer<typeof Owner>;

/** A file of the lock folder that says who holds the project; of several the one with the highest number counts. */
export interface Claim {
  readonly number: number;
  readonly path: string;
  readonly owner: Owner | null;
}

export function claimPath(folder: string, number: number): string {
  return join(folder, `owner-${fileNumber(number)}.json`);
}

export async function claimNumbers(files: FileSystem, folder: string): Promise<number[]> {
  return (await files.list(folder)).flatMap((name) => {
    const number = parseFileNumber(/^owner-(\d+)\.json$/.exec(name)?.[1]);
    return number === null ? [] : [number];
  });
}

/** The newest claim in the lock folder; its owner is null while the file is unreadable. */
export async function newestClaim(files: FileSystem, folder: string): Promise<Claim | null> {
  const numbers = await claimNumbers(files, folder);
  if (numbers.length === 0) return null;
  const number = Math.max(...numbers);
  const path = claimPath(folder, number);
  const bytes = await readFileIfThere(files, path, LARGEST_CLAIM);
  if (!bytes) return newestClaim(files, folder);
  return { number, path, owner: decodeOwner(bytes) };
}

export function decodeOwner(bytes: Uint8Array): Owner | null {
  try {
    const owner = Owner.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return owner.success ? owner.data : null;
  } catch {
    return null;
  }
}

/** False when another process was faster. Where it can't be filled it is taken away again: an empty one would keep everybody out. */
export async function createClaim(files: FileSystem, path: string, owner: Owner): Promise<boolean> {
  try {
    const handle = await files.open(path, 'wx');
    try {
      await writeAll(handle, new TextEncoder().encode(JSON.stringify(owner)), 0);
      await handle.sync();
    } catch (error) {
      await unlinkIfThere(files, path).catch(() => undefined);
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST' || systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
