import type { BigIntStats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Grant } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { GrantId } from '#contract/ids';
import { fileOfPath } from '../stacks/hdf5/inner-path';

export type GrantKind = Grant['kind'];

/** What a grant stands for; only main knows the path. */
export interface GrantRecord {
  readonly grant: Grant;
  /** Real path at the time of granting. */
  readonly path: string;
  /** Identity at the time of granting; null for a file to be written. */
  readonly identity: {
    readonly device: bigint;
    readonly inode: bigint;
    readonly size: bigint;
    readonly modified: bigint;
  } | null;
}

/** A person opens dozens of files in a session; a window gone wild must not fill memory. */
const MOST_GRANTS = 2000;

function identityOf(stats: BigIntStats): NonNullable<GrantRecord['identity']> {
  return { device: stats.dev, inode: stats.ino, size: stats.size, modified: stats.mtimeNs };
}

/** The real path of a file, or of a dataset in one, and what the system says of the file. @throws where it is not there */
async function realPlace(path: string): Promise<{ real: string; stats: BigIntStats }> {
  const { file, dataset } = await fileOfPath(path);
  const real = await realpath(file);
  const stats = await stat(real, { bigint: true });
  return { real: dataset === null ? real : `${real}::/${dataset}`, stats };
}

function notFound(path: string, cause: unknown): MembranaError {
  const name = basename(path);
  return new MembranaError('file.not-found', `${name} is not there any more.`, {
    hint: 'Check that its drive is connected, or choose the file again.',
    data: { file: name },
    cause,
  });
}

/**
 * Files that the user has pointed at (dialog, drop, recent, command line). The
 * window holds an id and a display name; the path stays here and is looked at
 * again at every use, so that a link swapped in between opens nothing.
 */
export class GrantTable {
  private readonly records = new Map<GrantId, GrantRecord>();

  /** @throws MembranaError file.not-found */
  async grant(path: string, kind: Exclude<GrantKind, 'save'>): Promise<Grant> {
    try {
      const { real, stats } = await realPlace(path);
      return this.add(real, kind, identityOf(stats));
    } catch (error) {
      throw notFound(path, error);
    }
  }

  /** A place to write to, which need not exist yet; its folder must. */
  async grantSave(path: string): Promise<Grant> {
    try {
      return this.add(join(await realpath(dirname(path)), basename(path)), 'save', null);
    } catch (error) {
      throw notFound(dirname(path), error);
    }
  }

  /**
   * The path behind an id.
   * @throws MembranaError grant.unknown for another kind than asked, file.not-found, file.changed when another file took its place
   */
  async path(id: GrantId, ...kinds: readonly GrantKind[]): Promise<string> {
    const record = this.records.get(id);
    if (record === undefined || !kinds.includes(record.grant.kind)) {
      throw new MembranaError('grant.unknown', 'That file was not opened by you in this session.', {
        hint: 'Choose the file again.',
        data: { grant: id },
      });
    }
    if (record.identity === null) return record.path;
    let now: BigIntStats;
    let real: string;
    try {
      ({ real, stats: now } = await realPlace(record.path));
    } catch (error) {
      throw notFound(record.path, error);
    }
    const { device, inode } = record.identity;
    if (real !== record.path || now.dev !== device || now.ino !== inode) {
      throw new MembranaError('file.changed', `${record.grant.name} is another file now.`, {
        hint: 'It was replaced after you chose it. Choose it again.',
        data: { file: record.grant.name },
      });
    }
    return record.path;
  }

  /** What an id stands for; null for one that was never given. */
  kind(id: GrantId): GrantKind | null {
    return this.records.get(id)?.grant.kind ?? null;
  }

  private add(path: string, kind: GrantKind, identity: GrantRecord['identity']): Grant {
    for (const [id, record] of this.records) {
      const same = record.path === path && record.grant.kind === kind;
      if (!same || record.identity?.inode !== identity?.inode) continue;
      this.records.delete(id);
      this.records.set(id, { ...record, identity });
      return record.grant;
    }
    const grant: Grant = { id: GrantId.parse(`g-${randomUUID()}`), name: basename(path), kind };
    this.records.set(grant.id, { grant, path, identity });
    for (const oldest of this.records.keys()) {
      if (this.records.size <= MOST_GRANTS) break;
      this.records.delete(oldest);
    }
    return grant;
  }
}
