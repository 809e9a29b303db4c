import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { numberAfter } from '../file-number';
import { makeFolderDurably, readFileIfThere, unlinkIfThere, type FileSystem } from '../file-system';
import type { ClaimState } from './fenced-files';
import {
  claimNumbers,
  claimPath,
  createClaim,
  decodeOwner,
  LARGEST_CLAIM,
  newestClaim,
  type Claim,
  type Owner,
} from './claim-file';
import { FILLING_MS, heldHere, livingHolder, writeHeartbeat } from './holder';
import { thisProcess } from './process-identity';

const HEARTBEAT_MS = 5000;

export type LockResult =
  | { readonly kind: 'held'; readonly lock: ProjectLock; readonly takenOver: Owner | null }
  | { readonly kind: 'busy'; readonly reason: string };

/** Looks around a claim that is missing. */
export interface Surroundings {
  /** Whether another project lies in the folder. */
  readonly isAnother: () => Promise<boolean>;
  /** Whether someone held the project after us and has given it free. */
  readonly takenBetween: () => Promise<boolean>;
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
  private around: Surroundings = {
    isAnother: () => Promise.resolve(false),
    takenBetween: () => Promise.resolve(false),
  };

  private constructor(
    private readonly files: FileSystem,
    private readonly folder: string,
    private readonly claim: Claim & { readonly owner: Owner },
  ) {
    heldHere.add(claim.owner.token);
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
      const number = numberAfter(before ? [before.number] : [], 'the next to open it');
      const owner: Owner = {
        token: randomUUID(),
        ...(await thisProcess()),
        since: new Date().toISOString(),
      };
      const path = claimPath(folder, number);
      if (!(await createClaim(files, path, owner))) continue;
      const claim = { number, path, owner };
      const lock = new ProjectLock(files, folder, claim);
      await lock.beat().catch(async (error: unknown) => {
        await lock.release().catch(() => undefined);
        throw error;
      });
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

  /** What is asked when the claim is missing. */
  watch(around: Surroundings): void {
    this.around = around;
  }

  /** Calls back once when another process has taken the project over (after a long sleep, say). */
  onLost(listener: () => void): void {
    this.lostListener = listener;
  }

  /**
   * Whether the claim is still ours, by the disk. A taker takes it away before
   * it reads anything, so what was flushed before a look that finds it is
   * known to whoever comes later. A lock folder that someone cleared away is
   * made again; a project that is gone has no other holder, and another one in
   * its place is none of our business.
   *
   * @throws what the file system says when it can't be asked
   */
  async look(): Promise<ClaimState> {
    if (this.lost) return 'lost';
    const bytes = await readFileIfThere(this.files, this.claim.path, LARGEST_CLAIM);
    const owner = bytes && decodeOwner(bytes);
    const ours = owner?.token === this.claim.owner.token;
    const found = ours ? 'here' : await this.claimAgain(bytes);
    if (found === 'lost') this.lose();
    return found;
  }

  /** Our claim is missing, can't be read, or is someone else's. */
  private async claimAgain(there: Uint8Array | null): Promise<ClaimState> {
    const { files, folder, claim } = this;
    const others = async (): Promise<boolean> =>
      (await claimNumbers(files, folder)).some((number) => number !== claim.number);
    if (!(await files.status(dirname(folder))) || (await this.around.isAnother())) return 'away';
    if ((there && decodeOwner(there)) || (await others())) return 'lost';
    if (there) return 'here';
    if (await this.around.takenBetween()) return 'lost';
    await makeFolderDurably(files, folder);
    if (!(await createClaim(files, claim.path, claim.owner))) return 'lost';
    return (await others()) ? 'lost' : 'here';
  }

  private lose(): void {
    this.lost = true;
    clearInterval(this.timer);
    this.lostListener?.();
  }

  private async beat(): Promise<void> {
    if ((await this.look()) === 'here')
      await writeHeartbeat(this.files, this.folder, this.claim.owner.token);
  }

  /** Gives the project free. */
  async release(): Promise<void> {
    clearInterval(this.timer);
    heldHere.delete(this.claim.owner.token);
    const bytes = await readFileIfThere(this.files, this.claim.path, LARGEST_CLAIM);
    if (!bytes || decodeOwner(bytes)?.token !== this.claim.owner.token) return;
    const newest = await newestClaim(this.files, this.folder);
    await unlinkIfThere(this.files, this.claim.path);
    if (newest?.number === this.claim.number)
      await unlinkIfThere(this.files, join(this.folder, 'heartbeat'));
  }
}
