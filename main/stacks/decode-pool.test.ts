import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { setMaxListeners } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
});
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
