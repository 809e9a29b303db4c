import { mkdir, readFile, rename } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
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

function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('__proto__ in a settings file');
  return value;
}

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
    await mkdir(dirname(path), { recursive: true });
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) return store;
    try {
      store.current = options.parse(JSON.parse(text, refusePrototype));
    } catch (error) {
      const aside = `${path}.unreadable`;
      await rename(path, aside).catch(() => undefined);
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
