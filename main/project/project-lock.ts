import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  makeFolderDurably,
  readFileIfThere,
  systemCode,
  unlinkIfThere,
  writeAll,
  type FileSystem,
} from './file-system';
import { isAlive, thisProcess } from './process-identity';

const HEARTBEAT_MS = 5000;
/** A holder on another machine that has been silent this long is gone. */
const SILENT_MS = 60_000;
/** Time that a process takes at most between making its owner file and filling it. */
const FILLING_MS = 1000;

/** A claim is a few hundred bytes. */
const LARGEST_CLAIM = 64 << 10;

const Owner = z.object({
  token: z.string(),
  pid: z.int(),
  host: z.string(),
  boot: z.string(),
  namespace: z.string(),
  processStart: z.string(),
  since: z.string(),
});
export type Owner = z.infer<typeof Owner>;

export type LockResult =
  | { readonly kind: 'held'; readonly lock: ProjectLock; readonly takenOver: Owner | null }
  | { readonly kind: 'busy'; readonly reason: string };

interface Claim {
  readonly number: number;
  readonly path: string;
  readonly owner: Owner | null;
}

function claimPath(folder: string, number: number): string {
  return join(folder, `owner-${String(number).padStart(6, '0')}.json`);
}

async function claimNumbers(files: FileSystem, folder: string): Promise<number[]> {
  return (await files.list(folder)).flatMap((name) => {
    const match = /^owner-(\d{6,9})\.json$/.exec(name);
    return match ? [Number(match[1])] : [];
  });
}

/** The newest claim in the lock folder; its owner is null while the file is unreadable. */
async function newestClaim(files: FileSystem, folder: string): Promise<Claim | null> {
  const numbers = await claimNumbers(files, folder);
  if (numbers.length === 0) return null;
  const number = Math.max(...numbers);
  const path = claimPath(folder, number);
  const bytes = await readFileIfThere(files, path, LARGEST_CLAIM);
  if (!bytes) return newestClaim(files, folder);
  try {
    const owner = Owner.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return { number, path, owner: owner.success ? owner.data : null };
  } catch {
    return { number, path, owner: null };
  }
}

/** Milliseconds since the holder's last sign of life, by the clock of the disk's own machine. */
async function silence(files: FileSystem, folder: string, claim: Claim): Promise<number> {
  const probe = join(folder, `probe-${randomUUID()}`);
  const handle = await files.open(probe, 'wx');
  await handle.close();
  const now = await files.status(probe);
  await unlinkIfThere(files, probe);
  const beat = (await files.status(join(folder, 'heartbeat'))) ?? (await files.status(claim.path));
  return now && beat ? now.modifiedMs - beat.modifiedMs : Infinity;
}

/** Who holds the lock, in words; null when the holder is gone. */
async function livingHolder(
  files: FileSystem,
  folder: string,
  claim: Claim,
): Promise<string | null> {
  const { owner } = claim;
  if (!owner) return (await silence(files, folder, claim)) < FILLING_MS ? 'another window' : null;
  const me = await thisProcess();
  const name = `process ${String(owner.pid)} on ${owner.host} since ${owner.since}`;
  if (owner.host === me.host && owner.boot !== '' && me.boot !== '') {
    if (owner.boot !== me.boot) return null;
    if (owner.namespace === me.namespace)
      return (await isAlive(owner.pid, owner.processStart)) ? name : null;
  } else if (owner.host === me.host && !(await isAlive(owner.pid, owner.processStart))) return null;
  return (await silence(files, folder, claim)) < SILENT_MS ? name : null;
}

/**
 * The right to write to a project, held as long as its process lives. A claim
 * is a file made exclusively with the next number, so of two processes that
 * find a stale claim only one gets the project.
 */
export class ProjectLock {
  private readonly timer: NodeJS.Timeout;
  private lostListener: (() => void) | null = null;

  private constructor(
    private readonly files: FileSystem,
    private readonly folder: string,
    private readonly claim: Claim & { readonly owner: Owner },
  ) {
    this.timer = setInterval(() => {
      this.beat().catch(() => undefined);
    }, HEARTBEAT_MS);
    this.timer.unref();
  }

  /** Takes the lock of the project at `project`, or says who holds it. */
  static async acquire(files: FileSystem, project: string): Promise<LockResult> {
    const folder = join(project, 'lock');
    for (;;) {
      await makeFolderDurably(files, folder);
      let before = await newestClaim(files, folder);
      if (before && !before.owner) {
        await sleep(FILLING_MS / 4);
        before = await newestClaim(files, folder);
      }
      if (before) {
        const holder = await livingHolder(files, folder, before);
        if (holder !== null) return { kind: 'busy', reason: `It is open in ${holder}.` };
      }
      const number = (before?.number ?? 0) + 1;
      const owner: Owner = {
        token: randomUUID(),
        ...(await thisProcess()),
        host: hostname(),
        since: new Date().toISOString(),
      };
      const path = claimPath(folder, number);
      if (!(await createClaim(files, path, owner))) continue;
      const claim = { number, path, owner };
      const lock = new ProjectLock(files, folder, claim);
      await lock.beat();
      const others = await claimNumbers(files, folder);
      const older = others.filter((other) => other <= (before?.number ?? 0));
      if (others.some((other) => other !== number && !older.includes(other))) {
        // Someone claimed it between our look and our claim: both step back.
        await lock.release();
        await sleep(Math.random() * FILLING_MS);
        continue;
      }
      for (const stale of older) await unlinkIfThere(files, claimPath(folder, stale));
      return { kind: 'held', lock, takenOver: before?.owner ?? null };
    }
  }

  /** Calls back once when another process has taken the project over (after a long sleep, say). */
  onLost(listener: () => void): void {
    this.lostListener = listener;
  }

  private async beat(): Promise<void> {
    const now = await newestClaim(this.files, this.folder);
    if (now?.owner && now.owner.token !== this.claim.owner.token) {
      clearInterval(this.timer);
      this.lostListener?.();
      return;
    }
    const path = join(this.folder, 'heartbeat');
    const handle = await this.files.open(path, 'r+').catch(async () => {
      // Missing, or a link or a pipe in its place: it says nothing but "now", so it is made anew.
      await unlinkIfThere(this.files, path);
      return this.files.open(path, 'wx');
    });
    try {
      await writeAll(handle, new TextEncoder().encode(this.claim.owner.token), 0);
    } finally {
      await handle.close();
    }
  }

  /** Gives the project free. */
  async release(): Promise<void> {
    clearInterval(this.timer);
    const now = await newestClaim(this.files, this.folder);
    const mine = now?.owner?.token === this.claim.owner.token;
    await unlinkIfThere(this.files, this.claim.path);
    if (mine) await unlinkIfThere(this.files, join(this.folder, 'heartbeat'));
  }
}

/** False when another process was faster. */
async function createClaim(files: FileSystem, path: string, owner: Owner): Promise<boolean> {
  try {
    const handle = await files.open(path, 'wx');
    try {
      await writeAll(handle, new TextEncoder().encode(JSON.stringify(owner)), 0);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST' || systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
