import { basename, dirname } from 'node:path';
import { readFileIfThere, systemCode } from '#main/storage/file-system';
import { nodeFileSystem } from '#main/storage/node-file-system';
import { parseStrictJson } from '#main/storage/strict-json';
import type { Log } from '#main/diagnostics/log';

/** Replaces a file whole or leaves the old one. */
export type ReplaceFile = (path: string, bytes: Uint8Array) => Promise<void>;

export interface JsonStoreOptions<Value> {
  readonly path: string;
  /** Reads what was found on disk; throws when it is not usable. */
  readonly parse: (json: unknown) => Value;
  readonly initial: Value;
  readonly replaceFile: ReplaceFile;
  readonly log: Log;
}

/** Settings, recent projects, engines and the running training: some kilobytes each. */
const LARGEST_SETTINGS = 4 << 20;

/**
 * A small value kept as JSON. A file that can't be read is set aside under
 * another name and the initial value used, so that a damaged settings file
 * never keeps the app from starting. Writes are one after another.
 */
export class JsonStore<Value> {
  private current: Value;
  private writing: Promise<void> = Promise.resolve();

  private constructor(private readonly options: JsonStoreOptions<Value>) {
    this.current = options.initial;
  }

  static async open<Value>(options: JsonStoreOptions<Value>): Promise<JsonStore<Value>> {
    const store = new JsonStore(options);
    const { path, log } = options;
    await nodeFileSystem.makeFolder(dirname(path)).catch(() => undefined);
    try {
      // A person may keep their settings elsewhere by a link; it has to lead to a plain file.
      const real = await nodeFileSystem.realPath(path);
      const bytes = await readFileIfThere(nodeFileSystem, real, LARGEST_SETTINGS);
      if (bytes === null) return store;
      store.current = options.parse(parseStrictJson(new TextDecoder().decode(bytes)));
    } catch (error) {
      // The disk, not the file: what cannot be read now may be read at the next start.
      if (systemCode(error) !== '') return store;
      const aside = `${path}.unreadable`;
      await nodeFileSystem.rename(path, aside).catch(() => undefined);
      log.warn('set an unreadable file aside', {
        file: basename(path),
        aside: basename(aside),
        reason: error instanceof Error ? error.message : String(error),
      });
    }
    return store;
  }

  get value(): Value {
    return this.current;
  }

  /** Takes effect at once; resolves when it is on disk. A disk that refuses is logged: the value holds until the app quits. */
  async set(value: Value): Promise<void> {
    this.current = value;
    const { path, replaceFile, log } = this.options;
    this.writing = this.writing.then(async () => {
      try {
        await replaceFile(path, Buffer.from(`${JSON.stringify(this.current, null, 2)}\n`));
      } catch (error) {
        log.warn('a settings file was not written', {
          file: basename(path),
          reason: error instanceof Error ? error.message : String(error),
        });
      }
    });
    await this.writing;
  }
}
