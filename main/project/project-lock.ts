import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
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
import { isAlive, thisProcess, type ProcessIdentity } from './process-identity';

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
  /** Claims of earlier versions don't say. */
  machine: z.string().default(''),
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
  return { number, path, owner: decodeOwner(bytes) };
}

function decodeOwner(bytes: Uint8Array): Owner | null {
  try {
    const owner = Owner.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return owner.success ? owner.data : null;
  } catch {
    return null;
  }
}

/** The boot comes first: it tells machines apart that share a name, and knows one that was renamed. */
function sameMachine(owner: Owner, me: ProcessIdentity): 'this boot' | 'an earlier boot' | 'no' {
  if (owner.boot !== '' && me.boot !== '') {
    if (owner.boot === me.boot) return 'this boot';
    const known = owner.machine !== '' && me.machine !== '';
    const same = owner.host === me.host && (!known || owner.machine === me.machine);
    return same ? 'an earlier boot' : 'no';
  }
  return owner.host === me.host ? 'this boot' : 'no';
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
  const since = owner.since.slice(0, 16).replace('T', ' ');
  const name = `another Membrana (process ${String(owner.pid)} on ${owner.host}, since ${since} UTC)`;
  const machine = sameMachine(owner, me);
  if (machine === 'an earlier boot') return null;
  if (machine === 'this boot') {
    // Only where the system names them can processes of another container be told from ours.
    const told = owner.namespace !== '' && me.namespace !== '';
    const alive = await isAlive(owner.pid, owner.processStart);
    if (owner.namespace === me.namespace && told && alive) return name;
    // Under another name only silence proves that it is gone.
    if (!alive && owner.host === me.host && (owner.namespace === me.namespace || !told))
      return null;
  }
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
  private lost = false;
  private takenBetween: () => Promise<boolean> = () => Promise.resolve(false);

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

  /** How many claims there have been, this one included. */
  get number(): number {
    return this.claim.number;
  }

  /** `look` tells whether someone held the project after us and has given it free: asked when the claim is missing. */
  watch(look: () => Promise<boolean>): void {
    this.takenBetween = look;
  }

  /** Calls back once when another process has taken the project over (after a long sleep, say). */
  onLost(listener: () => void): void {
    this.lostListener = listener;
  }

  /**
   * Whether the claim is still ours, by the disk. A taker takes it away before
   * it reads anything, so what was flushed before a look that finds it is
   * known to whoever comes later. A lock folder that someone cleared away is
   * made again; a project that is gone has no other holder.
   *
   * @throws what the file system says when it can't be asked
   */
  async holds(): Promise<boolean> {
    if (this.lost) return false;
    const bytes = await readFileIfThere(this.files, this.claim.path, LARGEST_CLAIM);
    const owner = bytes && decodeOwner(bytes);
    const ours = owner ? owner.token === this.claim.owner.token : await this.claimAgain(bytes);
    if (!ours) this.lose();
    return ours;
  }

  /** Our claim is missing or can't be read. */
  private async claimAgain(there: Uint8Array | null): Promise<boolean> {
    const { files, folder, claim } = this;
    const others = async (): Promise<boolean> =>
      (await claimNumbers(files, folder)).some((number) => number !== claim.number);
    if (await others()) return false;
    if (there) return true;
    if (!(await files.status(dirname(folder)))) return true;
    if (await this.takenBetween()) return false;
    await makeFolderDurably(files, folder);
    if (!(await createClaim(files, claim.path, claim.owner))) return false;
    return !(await others());
  }

  private lose(): void {
    this.lost = true;
    clearInterval(this.timer);
    this.lostListener?.();
  }

  private async beat(): Promise<void> {
    if (!(await this.holds())) return;
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
    const bytes = await readFileIfThere(this.files, this.claim.path, LARGEST_CLAIM);
    if (!bytes || decodeOwner(bytes)?.token !== this.claim.owner.token) return;
    const newest = await newestClaim(this.files, this.folder);
    await unlinkIfThere(this.files, this.claim.path);
    if (newest?.number === this.claim.number)
      await unlinkIfThere(this.files, join(this.folder, 'heartbeat'));
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
