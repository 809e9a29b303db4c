import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { setMaxListeners } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DecodePool } from './decode-pool';
import { builtApp } from '../testing/built-app';
import { openStack } from './open-stack';
import { wholeSlice } from './tiff/testing/opened';
import type { DecodeRequest } from './tiff/decode-block';
import { encodeDeflate } from './tiff/testing/encoders';

const signal = new AbortController().signal;
setMaxListeners(0, signal);
let folder = '';
let worker: URL | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'membrana-pool-'));
  worker = (await builtApp()).decodeWorker;
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

function request(values: readonly number[]): DecodeRequest {
  const bytes = encodeDeflate(Uint8Array.from(values)).slice().buffer;
  return {
    bytes,
    codec: {
      compression: 8,
      packing: {
        format: { bits: 8, type: 'uint8', bilevel: false },
        bigEndian: false,
        predictor: 1,
        rowLength: values.length,
        samplesPerPixel: 1,
        invert: false,
      },
      reverseBits: false,
      jpegTables: null,
      yCbCr: false,
    },
    blocks: [{ start: 0, length: bytes.byteLength, rows: 1 }],
  };
}

async function script(name: string, text: string): Promise<URL> {
  const path = join(folder, name);
  await writeFile(path, text);
  return pathToFileURL(path);
}

describe('the structure of a file', () => {
  const fixture = (name: string): string =>
    fileURLToPath(new URL(`tiff/fixtures/${name}.tif`, import.meta.url));

  it('is read in a worker as on the calling thread, errors included', async () => {
    const pool = new DecodePool({ worker, size: 1 });
    for (const name of ['imagej-hyperstack', 'two-images.ome', 'jpeg-grey']) {
      const here = await openStack(fixture(name), {
        signal,
        pool: new DecodePool({ worker: null }),
      });
      const there = await openStack(fixture(name), { signal, pool });
      expect(there.info).toEqual(here.info);
      await Promise.all([here.close(), there.close()]);
    }
    const text = join(folder, 'text.tif');
    await writeFile(text, 'x,y,z');
    await expect(openStack(text, { signal, pool })).rejects.toMatchObject({
      code: 'tiff.not-a-tiff',
      message: 'text.tif is not a TIFF; it looks like text.',
    });
    await pool.close();
  });

  it('is given up where its reader is stuck, and the next file opens', async () => {
    const source = await readFile(fileURLToPath(worker!), 'utf8');
    const marker = join(folder, 'stuck-once');
    const stuck = await script(
      'stuck.mjs',
      `import { existsSync as there, writeFileSync as mark } from 'node:fs';
       import { parentPort as port } from 'node:worker_threads';
       if (!there(${JSON.stringify(marker)})) { mark(${JSON.stringify(marker)}, ''); port.on('message', () => { for (;;); }); }
       ${source}`,
    );
    const pool = new DecodePool({ worker: stuck, size: 1, silenceMs: 1500 });
    await expect(openStack(fixture('deflate-u8'), { signal, pool })).rejects.toMatchObject({
      code: 'tiff.too-large',
      message: expect.stringContaining('deflate-u8.tif could not be read: one step') as string,
    });
    const next = await openStack(fixture('deflate-u8'), { signal, pool });
    expect(next.info.depth).toBe(4);
    await next.close();
    await pool.close();
  });

  it('stops when it is told to, and the next file opens', async () => {
    const pool = new DecodePool({ worker, size: 1 });
    const cancel = new AbortController();
    const opening = openStack(fixture('deflate-u8'), { signal: cancel.signal, pool });
    cancel.abort();
    await expect(opening).rejects.toThrow(/abort/i);
    const next = await openStack(fixture('deflate-u8'), { signal, pool });
    await next.close();
    await pool.close();
  });

  it('leaves the calling thread free while it is read', { timeout: 60_000 }, async () => {
    const pool = new DecodePool({ worker, size: 1 });
    // A million directories and a description of megabytes, both legal.
    const path = join(folder, 'many.tif');
    await writeFile(
      path,
      manyDirectories(
        300_000,
        `<OME><Image><Pixels SizeZ="300000">${'<TiffData/>'.repeat(300_000)}</Pixels></Image></OME>`,
      ),
    );
    const before = performance.eventLoopUtilization();
    const stack = await openStack(path, { signal, pool });
    const { active } = performance.eventLoopUtilization(before);
    expect(stack.info.depth).toBe(300_000);
    // Its own work is to take the offsets over: a few milliseconds.
    expect(active).toBeLessThan(300);
    await stack.close();
    await pool.close();
  });
});

/** A classic TIFF of one small picture that `count` directories share; the first carries a text. */
function manyDirectories(count: number, text: string): Buffer {
  const tags = [
    ...[
      [256, 4, 1, 4],
      [257, 4, 1, 4],
      [258, 3, 1, 8],
      [259, 3, 1, 1],
      [262, 3, 1, 1],
    ],
    ...[
      [270, 2, text.length, 24],
      [273, 4, 1, 8],
      [277, 3, 1, 1],
      [278, 4, 1, 4],
      [279, 4, 1, 16],
    ],
  ];
  const size = 2 + 12 * tags.length + 4;
  const start = 24 + text.length + (text.length % 2);
  const file = Buffer.alloc(start + count * size);
  file.write('II*\0', 0, 'latin1');
  file.writeUInt32LE(start, 4);
  file.write(text, 24, 'latin1');
  const directory = Buffer.alloc(size);
  directory.writeUInt16LE(tags.length, 0);
  tags.forEach(([tag, type, values, value], index) => {
    const at = 2 + index * 12;
    directory.writeUInt16LE(tag!, at);
    directory.writeUInt16LE(type!, at + 2);
    directory.writeUInt32LE(values!, at + 4);
    directory.writeUInt32LE(value!, at + 8);
  });
  for (let page = 0; page < count; page += 1) {
    const at = start + page * size;
    directory.copy(file, at);
    if (page + 1 < count) file.writeUInt32LE(at + size, at + size - 4);
  }
  return file;
}

describe('the decode pool', () => {
  it('reads the same through its workers as on the calling thread', async () => {
    const threads = new DecodePool({ worker, size: 2 });
    const fixtures = [
      'tiles-u16',
      'lzw-noise-u8',
      'float-predictor-f32-be',
      'zstd-f32',
      'jpeg-grey',
      'rgb-lzw',
    ];
    for (const name of fixtures) {
      const path = fileURLToPath(new URL(`tiff/fixtures/${name}.tif`, import.meta.url));
      const slices = [];
      for (const pool of [threads, new DecodePool({ worker: null })]) {
        const source = await openStack(path, { signal, pool });
        slices.push(await wholeSlice(source, 0));
        await source.close();
      }
      expect(slices[0]).toEqual(slices[1]);
      expect(slices[0]!.bad).toEqual([]);
    }
    await threads.close();
  });

  it('decodes many batches at once and in any number', async () => {
    const pool = new DecodePool({ worker, size: 2 });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => pool.decode(request([at, at + 1]), signal)),
    );
    expect(answers.map(({ pixels }) => pixels[1])).toEqual(
      Array.from({ length: 40 }, (_, at) => at + 1),
    );
    await pool.close();
  });

  it('gives up a batch that hangs, says so, and goes on with the next', async () => {
    const source = await readFile(fileURLToPath(worker!), 'utf8');
    const marker = join(folder, 'hung-once');
    const hanging = await script(
      'hanging.mjs',
      `import { existsSync, writeFileSync } from 'node:fs';
       if (!existsSync(${JSON.stringify(marker)})) { writeFileSync(${JSON.stringify(marker)}, ''); for (;;); }
       ${source}`,
    );
    const pool = new DecodePool({ worker: hanging, size: 1, timeoutMs: 1500 });
    const first = pool.decode(request([1]), signal);
    const second = pool.decode(request([2]), signal);
    expect((await first).outcomes).toMatchObject([{ kind: 'corrupt', reason: /longer than/ }]);
    expect((await second).pixels[0]).toBe(2);
    await pool.close();
  });

  it('survives a worker that dies', async () => {
    const dying = await script(
      'dying.mjs',
      `import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => process.exit(3));`,
    );
    const pool = new DecodePool({ worker: dying, size: 1 });
    expect((await pool.decode(request([1]), signal)).outcomes).toMatchObject([{ kind: 'corrupt' }]);
    expect((await pool.decode(request([1]), signal)).outcomes).toMatchObject([{ kind: 'corrupt' }]);
    await pool.close();
  });

  it('takes a cancelled batch out of the queue', async () => {
    const pool = new DecodePool({ worker, size: 1 });
    const cancel = new AbortController();
    const running = pool.decode(request([1]), signal);
    const unwanted = request([2]);
    const waiting = pool.decode(unwanted, cancel.signal);
    cancel.abort();
    await expect(waiting).rejects.toThrow();
    expect((await running).pixels[0]).toBe(1);
    await pool.decode(request([3]), signal);
    // Bytes that went to a worker would be gone from here.
    expect(unwanted.bytes.byteLength).toBeGreaterThan(0);
    await pool.close();
  });
});
