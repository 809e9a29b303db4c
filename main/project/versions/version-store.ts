import { sameLayer, type LabelClass } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { ModelId } from '#contract/ids';
import type { Version } from '#contract/version';
import { freeVersionName } from '#contract/version-name';
import { decodeChunk, joinPlanes } from '../../labels/label-image';
import type { LabelStore, LayerCommit } from '../../labels/label-store';
import { writeFileAtomic } from '../../storage/atomic-file';
import type { LayerPlace } from '../../labels/checkpoint';
import { readKnownChunk } from '../../labels/stored-tile';
import { checksum } from '../../storage/checksum';
import type { TileEntry } from '../../storage/recovery/commit-record';
import { makeFolderDurably, readFileIfSound } from '../../storage/file-system';
import { writeFailure } from '../../storage/write-errors';
import {
  nextVersion,
  packPath,
  versionNumbers,
  versionPath,
  versionsFolder,
} from './version-files';
import {
  encodeVersion,
  LARGEST_VERSION,
  parseVersion,
  versionSummary,
  type VersionRecord,
  type VersionTile,
} from './version-record';

export interface VersionStoreParts extends LayerPlace {
  readonly labels: LabelStore;
  /** The rest of a version, as it is at the moment of saving. */
  readonly content: () => { readonly classes: LabelClass[]; readonly model: ModelId | null };
  readonly writable: () => void;
}

function sameTile(a: VersionTile | undefined, b: TileEntry): a is VersionTile {
  return a !== undefined && a.classes === b.classes && a.review === b.review;
}

/** A tile's chunk on the disk is not what the checkpoint wrote. */
class DamagedTile extends Error {}

/**
 * Named states of a layer of classes, in versions/: immutable, and cheap, since a
 * version holds only the tiles that changed since the one before it.
 */
export class VersionStore {
  private saving: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: VersionStoreParts) {}

  /** Newest first; a damaged one is left out. */
  async list(): Promise<Version[]> {
    const { files, project } = this.parts;
    const found: Version[] = [];
    for (const number of (await versionNumbers(files, project)).reverse()) {
      const record = await this.ownRecord(number);
      if (record) found.push(versionSummary(record));
    }
    return found;
  }

  /**
   * Keeps the labels as they are now under a name, with a number behind it
   * where a saved state has that name already.
   *
   * @throws MembranaError project.read-only, disk.full, file.write-failed,
   *   project.corrupt (labels on the disk are damaged beyond repair); no version is made then
   */
  save(name: string): Promise<Version> {
    const result = this.saving.then(() => this.saveOnce(name));
    this.saving = result.catch(() => undefined);
    return result;
  }

  private async saveOnce(wanted: string): Promise<Version> {
    const { labels, writable } = this.parts;
    writable();
    const name = freeVersionName(
      wanted,
      (await this.list()).map((version) => version.name),
    );
    try {
      return await labels.atCheckpoint((commit) => this.write(name, commit));
    } catch (error) {
      if (!(error instanceof DamagedTile)) throw error;
      // Reading the labels rebuilds what is damaged, and the next checkpoint writes it again.
      for (const z of labels.reviewedSlices()) await labels.slice(z);
      return await labels.atCheckpoint((commit) => this.write(name, commit));
    }
  }

  private async write(name: string, commit: LayerCommit | null): Promise<Version> {
    const { files, project, stack, layer, labels, content } = this.parts;
    try {
      await makeFolderDurably(files, versionsFolder(project));
      const number = await nextVersion(files, project);
      const before = (await this.newest())?.tiles ?? {};
      const tiles: VersionRecord['tiles'] = {};
      const pack: Uint8Array[] = [];
      let at = 0;
      for (const [key, entry] of Object.entries(commit?.tiles ?? {})) {
        const known = before[key];
        if (sameTile(known, entry)) {
          tiles[key] = known;
          continue;
        }
        const [classes, review] = await this.chunks(key, entry);
        tiles[key] = {
          classes: checksum(classes),
          review: checksum(review),
          painted: entry.painted,
          confirmed: entry.confirmed,
          pack: number,
          at,
          classesBytes: classes.length,
          reviewBytes: review.length,
        };
        pack.push(classes, review);
        at += classes.length + review.length;
      }
      if (at > 0) await writeFileAtomic(packPath(project, number), Buffer.concat(pack), { files });
      const record = {
        number,
        name,
        created: new Date().toISOString(),
        sequence: commit?.sequence ?? labels.lastSequence,
        stack,
        layer,
        ...content(),
        tiles,
      };
      const bytes = encodeVersion(record);
      // A pack stays even when this fails: the record may be in its place although its flush failed.
      await writeFileAtomic(versionPath(project, number), bytes, { files });
      return versionSummary({ format: 1, ...record });
    } catch (error) {
      if (error instanceof DamagedTile) throw error;
      throw writeFailure(versionsFolder(project), error);
    }
  }

  private async chunks(key: string, entry: TileEntry): Promise<[Uint8Array, Uint8Array]> {
    const classes = await readKnownChunk(this.parts, key, 'classes', entry.classes);
    const review = await readKnownChunk(this.parts, key, 'review', entry.review);
    if (!classes || !review) throw new DamagedTile(key);
    return [classes, review];
  }

  private async newest(): Promise<VersionRecord | null> {
    const { files, project } = this.parts;
    for (const number of (await versionNumbers(files, project)).reverse()) {
      const record = await this.ownRecord(number);
      if (record) return record;
    }
    return null;
  }

  /** A version of this layer; null for one of another, and for a damaged one. */
  private async ownRecord(number: number): Promise<VersionRecord | null> {
    const record = await this.recordIfWhole(number);
    return record && sameLayer(record, this.parts) ? record : null;
  }

  private async recordIfWhole(number: number): Promise<VersionRecord | null> {
    const { files, project } = this.parts;
    const bytes = await readFileIfSound(files, versionPath(project, number), LARGEST_VERSION);
    return bytes && parseVersion(bytes);
  }

  /** @throws MembranaError version.not-found, project.corrupt */
  async record(number: number): Promise<VersionRecord> {
    const { files, project } = this.parts;
    const record = await this.recordIfWhole(number);
    if (record) return record;
    if (await files.status(versionPath(project, number))) throw damaged(number);
    throw new MembranaError('version.not-found', `There is no version ${String(number)}.`, {
      hint: 'Choose one from the list of versions.',
      data: { version: number },
    });
  }

  /** Label bytes of a tile in a version; null where nothing was painted then. @throws MembranaError project.corrupt */
  async tile(record: VersionRecord, key: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const tile = record.tiles[key];
    if (!tile) return null;
    const { files, project } = this.parts;
    const pixels = await readVersionTile({ files, project }, tile);
    if (!pixels) throw damaged(record.number);
    return pixels;
  }
}

function damaged(number: number): MembranaError {
  return new MembranaError('project.corrupt', `Version ${String(number)} is damaged on the disk.`, {
    hint: 'Choose another version; "project verify" lists what is damaged.',
    safe: 'The labels as they are now are not touched.',
    data: { version: number },
  });
}

/** Label bytes of a stored tile; null when its checksums fail. */
export async function readVersionTile(
  { files, project }: Pick<LayerPlace, 'files' | 'project'>,
  tile: VersionTile,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const path = packPath(project, tile.pack);
  const length = tile.classesBytes + tile.reviewBytes;
  const bytes = new Uint8Array(length);
  if ((await files.status(path))?.kind !== 'file') return null;
  const handle = await files.open(path, 'r');
  try {
    let filled = 0;
    while (filled < length) {
      const got = await handle.read(bytes, filled, length - filled, tile.at + filled);
      if (got === 0) return null;
      filled += got;
    }
  } finally {
    await handle.close();
  }
  const classes = bytes.subarray(0, tile.classesBytes);
  const review = bytes.subarray(tile.classesBytes);
  if (checksum(classes) !== tile.classes || checksum(review) !== tile.review) return null;
  const pixels = await decodeChunk(classes);
  const states = await decodeChunk(review);
  return pixels && states ? joinPlanes(pixels, states) : null;
}
