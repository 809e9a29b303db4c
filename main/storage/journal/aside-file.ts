import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import { checksum } from '../checksum';
import { fileNumber } from '../file-number';
import {
  flushFolder,
  readFileIfSound,
  writeAll,
  type FileSystem,
  type OpenFile,
} from '../file-system';
import { encodeRecord, readRecord, type JournalRecord } from './journal-record';
import { LARGEST_SEGMENT } from './journal-segment';

const asideName = /^(aside|merged)-.*\.log/;

/** Steps that are no part of a project's history, in a file that can be merged: nothing is thrown away. */
export interface AsideFile {
  readonly path: string;
  /** Its steps are in the project by now. */
  readonly merged: boolean;
  readonly records: readonly JournalRecord[];
}

function goodRecords(bytes: Uint8Array): JournalRecord[] {
  const records: JournalRecord[] = [];
  for (let at = 0; ;) {
    const read = readRecord(bytes, at);
    if (read.kind !== 'record') return records;
    records.push(read.record);
    at = read.end;
  }
}

/** The files of steps aside in a folder. */
export async function readAsideFiles(files: FileSystem, folder: string): Promise<AsideFile[]> {
  const found: AsideFile[] = [];
  for (const name of await files.list(folder)) {
    if (!asideName.test(name)) continue;
    const path = join(folder, name);
    const bytes = await readFileIfSound(files, path, LARGEST_SEGMENT);
    const records = goodRecords(bytes ?? new Uint8Array());
    found.push({ path, merged: name.startsWith('merged'), records });
  }
  return found;
}

/** Tells a step from every other one, wherever it lies. */
export function stepKey({ sequence, payload, stamp }: JournalRecord): string {
  return `${String(stamp?.generation ?? 0)}/${String(sequence)}/${String(checksum(payload))}`;
}

/** Writes steps into a new file beside the history, flushed one by one. */
export class AsideWriter {
  private file: OpenFile | null = null;
  private path = '';
  private bytes = 0;
  private readonly known = new Set<string>();
  /** One after another. */
  private turn: Promise<void> = Promise.resolve();

  /** In the journal folder while it is there, else in the rescue folder, where there is one. */
  constructor(
    private readonly files: FileSystem,
    private readonly places: { readonly journal: string; readonly rescue: string | null },
    private readonly generation: number,
  ) {}

  get name(): string {
    return basename(this.path);
  }

  get count(): number {
    return this.known.size;
  }

  /** Resolves when it is on the disk; a step that is there already stays once. @throws what the last folder says */
  add(record: JournalRecord): Promise<void> {
    const added = this.turn.then(() => this.write(record));
    this.turn = added.catch(() => undefined);
    return added;
  }

  private async write(record: JournalRecord): Promise<void> {
    const key = stepKey(record);
    if (this.known.has(key)) return;
    this.file ??= await this.create();
    const bytes = encodeRecord(record);
    await writeAll(this.file, bytes, this.bytes);
    await this.file.datasync();
    this.bytes += bytes.length;
    this.known.add(key);
  }

  private async create(): Promise<OpenFile> {
    const name = `aside-g${fileNumber(this.generation)}-${randomBytes(3).toString('hex')}.log`;
    const { journal, rescue } = this.places;
    const isThere = (await this.files.status(journal)) !== null;
    let failure: unknown = new Error('the journal folder is gone');
    for (const folder of [...(isThere ? [journal] : []), ...(rescue === null ? [] : [rescue])])
      try {
        if (folder === rescue) await this.files.makeFolder(folder);
        const file = await this.files.open(join(folder, name), 'wx');
        await flushFolder(this.files, folder);
        this.path = join(folder, name);
        return file;
      } catch (error) {
        failure = error;
      }
    throw failure;
  }

  async close(): Promise<void> {
    await this.turn;
    await this.file?.close();
    this.file = null;
  }
}
