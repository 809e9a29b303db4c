import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { inflateSync } from 'node:zlib';
import { writeTiff } from './bad-files';

const SIDE = 512;

/** The middle of the sample's slices: 8-bit, deflated strips, each pixel told from the one before. */
export async function sampleMiddles(): Promise<Uint8Array[]> {
  const root = resolve(import.meta.dirname, '..');
  const file = await readFile(join(root, 'resources', 'sample', 'vnc-sample.tif'));
  const slices: Uint8Array[] = [];
  for (let at = file.readUInt32LE(4); at !== 0;) {
    const count = file.readUInt16LE(at);
    const fields = new Map(
      Array.from({ length: count }, (_, i) => {
        const entry = at + 2 + 12 * i;
        return [
          file.readUInt16LE(entry),
          { count: file.readUInt32LE(entry + 4), value: file.readUInt32LE(entry + 8) },
        ];
      }),
    );
    const number = (tag: number): number => fields.get(tag)?.value ?? 0;
    const width = number(256);
    const strips = Array.from({ length: fields.get(273)?.count ?? 0 }, (_, i) => {
      const start = file.readUInt32LE(number(273) + 4 * i);
      return inflateSync(file.subarray(start, start + file.readUInt32LE(number(279) + 4 * i)));
    });
    const pixels = Buffer.concat(strips);
    for (let i = 0; i < pixels.length; i += 1)
      if (i % width !== 0) pixels[i] = ((pixels[i] ?? 0) + (pixels[i - 1] ?? 0)) & 255;
    const from = Math.floor((width - SIDE) / 2);
    slices.push(
      Uint8Array.from(
        { length: SIDE * SIDE },
        (_, i) => pixels[(from + Math.floor(i / SIDE)) * width + from + (i % SIDE)] ?? 0,
      ),
    );
    at = file.readUInt32LE(at + 2 + 12 * count);
  }
  return slices;
}

/** Noise that is the same in every run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The middle 512² of the sample's first slices, as `writePoor` shows it. */
export async function writeDegraded(path: string, pages: number): Promise<string> {
  return writePoor(path, (await sampleMiddles()).slice(0, pages));
}

/**
 * Slices of 512² as a poor microscope shows them: faint, darker towards a
 * corner, out of focus, six electrons a pixel and a little noise of the camera.
 */
export async function writePoor(path: string, slices: readonly Uint8Array[]): Promise<string> {
  const next = chance(1);
  const weights = [1, 2, 1] as const;
  return writeTiff(path, {
    ...{ width: SIDE, height: SIDE, pages: slices.length },
    value(x, y, z) {
      let sum = 0;
      for (const [dy, down] of weights.entries())
        for (const [dx, across] of weights.entries()) {
          const column = Math.min(SIDE - 1, Math.max(0, x + dx - 1));
          const row = Math.min(SIDE - 1, Math.max(0, y + dy - 1));
          sum += down * across * (slices[z]?.[row * SIDE + column] ?? 0);
        }
      const light = (sum / 16 / 255) ** 0.3 * (1 - (0.6 * (x + y)) / (2 * SIDE));
      const limit = Math.exp(-6 * light);
      let counts = 0;
      for (let product = next(); product > limit; product *= next()) counts += 1;
      const readOut = 12 * (next() - 0.5);
      return Math.min(255, Math.max(0, Math.round((counts / 6) * 250 + readOut)));
    },
  });
}
