import { readSync } from 'node:fs';
import type { File, ready as libraryReady } from 'h5wasm';

/** The library itself: HDF5's own functions. */
export type H5Module = Awaited<typeof libraryReady>;

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow: (this: WasmMemory, pages: number) => number;
}
/** As far as it is used here; the types of Node leave it out. */
declare const WebAssembly: {
  readonly Memory: { readonly prototype: WasmMemory };
  readonly RuntimeError: new () => Error;
};

/** The memory that the library may have in all; a WebAssembly page has 64 KiB. */
const MOST_PAGES = 512 * 16;
/** The one file that the library sees: nothing outside of it can be reached from its sandbox. */
const PLACE = '/stack.h5';

/** A file that is open in this process. `token` tells this opening from all others. */
export interface LentFile {
  readonly file: number;
  readonly size: number;
  readonly token: string;
}

interface Library {
  readonly module: H5Module;
  readonly open: () => File;
}

let library: Promise<Library> | null = null;
let current: { readonly token: string; readonly opened: File } | null = null;
let broken = false;
let lent: LentFile = { file: -1, size: 0, token: '' };

/** Whether the library has failed in a way that leaves nothing to be relied on: its thread has to end. */
export function isBroken(): boolean {
  return broken;
}

/** Holds memory that WebAssembly takes to a limit: a hostile file asks for all there is. */
function limitMemory(): void {
  const { prototype } = WebAssembly.Memory;
  const { grow } = prototype;
  prototype.grow = function limited(this: WasmMemory, pages: number): number {
    if (this.buffer.byteLength / 65_536 + pages > MOST_PAGES)
      throw new RangeError('no more memory');
    return grow.call(this, pages);
  };
}

async function load(): Promise<Library> {
  limitMemory();
  // Loaded when first needed: four megabytes that most sessions never use.
  const { File: Hdf5File, ready } = await import('h5wasm');
  const module = await ready;
  const { FS } = module;
  FS.writeFile(PLACE, new Uint8Array(0));
  const { node } = FS.lookupPath(PLACE, {});
  const operations = (of: object, own: object): void => {
    const theirs: unknown = Reflect.get(of, 'stream_ops');
    Reflect.set(of, 'stream_ops', Object.assign({}, theirs, own));
  };
  Object.defineProperty(node, 'usedBytes', { get: () => lent.size, set: () => undefined });
  operations(node, { read: readLent });
  // What the library has to say of damaged files is said by us, in our words.
  const streams: unknown = Reflect.get(FS, 'streams');
  const complaints: unknown = Array.isArray(streams) ? streams[2] : null;
  if (typeof complaints === 'object' && complaints !== null)
    operations(complaints, { write: saysNothing });
  return { module, open: () => new Hdf5File(PLACE, 'r') };
}

function saysNothing(_stream: unknown, _from: unknown, _at: number, length: number): number {
  return length;
}

function readLent(
  _stream: unknown,
  into: Uint8Array,
  at: number,
  length: number,
  position: number,
): number {
  const wanted = Math.max(0, Math.min(length, lent.size - position));
  let done = 0;
  while (done < wanted) {
    const count = readSync(lent.file, into, at + done, wanted - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

/** Runs `use` on an open file in the library's sandbox; the same opening is kept for the next time. */
export async function withHdf5<T>(
  file: LentFile,
  use: (opened: File, module: H5Module) => T,
): Promise<T> {
  library ??= load();
  const { module, open } = await library;
  lent = file;
  try {
    if (current?.token !== file.token) {
      current?.opened.close();
      current = null;
      current = { token: file.token, opened: open() };
    }
    return use(current.opened, module);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) broken = true;
    throw error;
  }
}
