import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { unlinkIfThere, writeAll, type FileSystem } from '../file-system';
import { isAlive, thisProcess, type ProcessIdentity } from './process-identity';
import type { Claim, Owner } from './claim-file';

/** A holder on another machine that has been silent this long is gone. */
const SILENT_MS = 60_000;
/** Time that a process takes at most between making its owner file and filling it. */
export const FILLING_MS = 1000;

/**
 * Tokens of what this process holds. It may live on after it gave up a claim
 * that it could not take away: the folder was out of reach, on a drive that was
 * unplugged or because someone had moved it.
 */
export const heldHere = new Set<string>();

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

/** Says "now" to whoever looks how long the holder has been silent. */
export async function writeHeartbeat(
  files: FileSystem,
  folder: string,
  token: string,
): Promise<void> {
  const path = join(folder, 'heartbeat');
  const handle = await files.open(path, 'r+').catch(async () => {
    // Missing, or a link or a pipe in its place: it says nothing else, so it is made anew.
    await unlinkIfThere(files, path);
    return files.open(path, 'wx');
  });
  try {
    await writeAll(handle, new TextEncoder().encode(token), 0);
  } finally {
    await handle.close();
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
  if (!now || !beat) return Infinity;
  const silentMs = now.modifiedMs - beat.modifiedMs;
  // The clock was put back since: the silence is counted from now, not from a day to come.
  if (silentMs < -SILENT_MS) await writeHeartbeat(files, folder, claim.owner?.token ?? '');
  return silentMs;
}

/** Who holds the lock, in words; null when the holder is gone. */
export async function livingHolder(
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
    if (owner.namespace === me.namespace && owner.pid === me.pid && !heldHere.has(owner.token))
      return null;
    const alive = await isAlive(owner.pid, owner.processStart);
    if (owner.namespace === me.namespace && told && alive) return name;
    // Under another name only silence proves that it is gone.
    if (!alive && owner.host === me.host && (owner.namespace === me.namespace || !told))
      return null;
  }
  return (await silence(files, folder, claim)) < SILENT_MS ? name : null;
}
