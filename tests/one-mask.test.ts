import { copyFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { MaskThresholds } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { classOf, MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import { firstByte, membraneMask, probabilityBytes } from '#contract/mask/membrane-mask';
import { tileCount, tilesIn, TILE_PIXELS, TILE_SIZE } from '#contract/tiles';
import { makeWorkplace, type Workplace } from '#main/session/testing/running-services';
import { openStack } from '#main/stacks/open-stack';
import { buildCli, runCli } from '../main/cli/testing/built-cli';
import { confirmShown } from '../renderer/canvas/overlay/confirm-shown';
import { OverlayColour } from '../renderer/canvas/overlay/overlay-colour';
import { SliceMask } from '../renderer/canvas/overlay/slice-mask';
import { SliceTiles } from '../renderer/canvas/chunks/slice-tiles';
import { pixelSource } from '../renderer/canvas/chunks/tile-source';
import { defaultLayers } from '../renderer/canvas/view-types';
import { segment } from '../renderer/commands/model-commands';
import { WindowOverMain } from './window-over-main';

const sample = resolve(import.meta.dirname, '..', 'resources', 'sample', 'vnc-sample.tif');
const never = new AbortController().signal;

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
});
afterEach(async () => {
  await place.remove();
  vi.unstubAllGlobals();
});

/** Slice 0 of a TIFF, a byte a pixel. */
async function pageOf(path: string): Promise<Uint8Array> {
  const source = await openStack(path, { signal: never });
  const { width, height } = source.info;
  const { data } = await source.readRegion(0, { x: 0, y: 0, width, height }, 0, never);
  await source.close();
  return Uint8Array.from(data, Number);
}

/** Tiles of the slice joined, each pixel as `value` says. */
function joined(
  window: WindowOverMain,
  value: (tx: number, ty: number) => (i: number) => number,
): Uint8Array {
  const { width, height } = window.everything;
  const whole = new Uint8Array(width * height);
  for (const { tx, ty } of tilesIn(window.everything, width, height)) {
    const of = value(tx, ty);
    for (let i = 0; i < TILE_PIXELS; i += 1) {
      const [x, y] = [tx * TILE_SIZE + (i % TILE_SIZE), ty * TILE_SIZE + Math.floor(i / TILE_SIZE)];
      if (x < width && y < height) whole[y * width + x] = of(i);
    }
  }
  return whole;
}

/** What the window draws, holds for the mask, and confirms, on slice 0. */
async function inTheWindow(window: WindowOverMain, model: ModelId, mask: MaskThresholds) {
  const { stack } = window.topics.project.open ?? {};
  if (!stack) throw new Error('nothing is open');
  const { width } = window.everything;
  const source = pixelSource(stack.id);
  const nothing = (): void => undefined;
  const options = { info: stack.info, source, arrived: nothing, failed: nothing };
  const tiles = new SliceTiles(options);
  const shown = new SliceMask(tiles, options);
  const of = { model, mask, found: [] };
  const masks = await shown.fetch(0, window.everything, of, never);
  const colour = new OverlayColour({
    layers: defaultLayers,
    classes: [],
    mask,
    found: [],
    hidden: new Set(),
    comparedMask: null,
    contour: false,
    differences: false,
  });
  const drawn = joined(window, (tx, ty) => {
    const out = new Uint32Array(TILE_PIXELS);
    const at = { z: 0, level: 0, tx, ty };
    const probability = tiles.probability(at, model) ?? null;
    const nobody = { labels: null, earlier: null, truth: null };
    const rect = { x: 0, y: 0, width: TILE_SIZE, height: TILE_SIZE };
    colour.colour({ ...nobody, probability, line: shown.line(at, of) }, rect, out);
    return (i) => ((out[i] ?? 0) >>> 24 > 0 ? 1 : 0);
  });
  const held = joined(window, (tx, ty) => {
    const tile = masks.get(ty * tileCount(width) + tx);
    return (i) => ((tile?.[i] ?? 0) >= firstByte(mask.pixel) ? 1 : 0);
  });
  const { session } = window;
  const picture = {
    maskTiles: () => Promise.resolve(masks),
    classTiles: () => Promise.resolve(new Map<number, Uint8Array>()),
  };
  const from = firstByte(mask.pixel);
  const region = { kind: 'slice' } as const;
  await confirmShown({ session, picture, z: 0, region, from, signal: never });
  const confirmed = joined(window, (tx, ty) => {
    const labels = session.tiles.read(0, tx, ty);
    return (i) => Number(classOf(labels?.[i] ?? UNTOUCHED) === MEMBRANE);
  });
  await window.commands['edit.undo'].run();
  await session.flushed();
  tiles.dispose();
  shown.dispose();
  return { drawn, held, confirmed };
}

async function exported(window: WindowOverMain, mask: MaskThresholds): Promise<Uint8Array> {
  const { app } = window;
  const path = join(place.folder, 'window.tif');
  app.chosen.push(path);
  const grant = await app.call('dialog.save', { kind: 'tiff', name: 'window.tif' });
  if (!grant) throw new Error('no grant');
  const missing = 'refuse' as const;
  const asked = { grant: grant.id, what: 'mask' as const, mask, slices: [0], missing };
  const { job } = await app.call('labels.export', asked);
  const state = (): string | undefined =>
    app.heard('job.changed').findLast(({ id }) => id === job)?.state;
  await expect.poll(state, { timeout: 30_000 }).toBe('done');
  return pageOf(path);
}

/** How many bytes differ; an expectation of two megabytes would say nothing. */
const apart = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, byte, i) => sum + Number(byte !== b[i]), Math.abs(a.length - b.length));

it('is drawn, confirmed, exported by both doors and written by the command line, byte for byte', async () => {
  const cli = await buildCli();
  const stack = join(place.folder, 'sample.tif');
  await copyFile(sample, stack);
  const compute = join(cli.file, '..', 'compute.js');
  const window = await WindowOverMain.open(place, stack, compute);
  const { topics } = window;
  const model = topics.models.currentId;
  if (model === null) throw new Error('no model');
  await segment(topics, [0]);
  await vi.waitUntil(() => topics.project.hasPrediction(model, 0), { timeout: 120_000 });

  const card = topics.mask.thresholds;
  expect(card.cells).toBeLessThan(card.pixel);
  const settings = [card, { pixel: 0.7, cells: 0.05 }, { pixel: 0.4, cells: 0.4 }];
  const seen: Uint8Array[] = [];
  for (const mask of settings) {
    topics.mask.set(mask);
    expect(topics.mask.thresholds).toEqual(mask);
    const { drawn, held, confirmed } = await inTheWindow(window, model, mask);
    expect(drawn.includes(1)).toBe(true);
    expect([apart(held, drawn), apart(confirmed, drawn)]).toEqual([0, 0]);
    const bytes = drawn.map((value) => value * 255);
    expect(apart(await exported(window, mask), bytes)).toBe(0);
    seen.push(bytes);
  }
  // The line closes what the pixels alone leave open.
  const pixelsOnly = await inTheWindow(window, model, { pixel: card.pixel, cells: card.pixel });
  expect(apart(pixelsOnly.drawn, seen[0] ?? pixelsOnly.drawn)).toBeGreaterThan(100);

  // The command line exports what was shown last, without being told any threshold.
  topics.mask.set(card);
  await window.app.call('project.saveView', {
    view: { z: 0, zoom: null, centre: null, window: null, mask: topics.mask.setting },
  });
  await window.quit();
  const [name = ''] = await readdir(join(place.folder, 'projects'));
  const run = async (...words: string[]): Promise<void> => {
    const { code, stderr } = await runCli(cli, place.folder, words);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
  };
  const first = seen[0] ?? new Uint8Array();
  await run('project', 'export', join('projects', name), '--out', 'cli.tif', '--slices', '0');
  expect(apart(await pageOf(join(place.folder, 'cli.tif')), first)).toBe(0);
  const files = ['--out', 'prob.tif', '--mask', 'mask.tif'];
  await run('segment', 'sample.tif', '--model', model, '--slices', '0', ...files);
  expect(apart(await pageOf(join(place.folder, 'mask.tif')), first)).toBe(0);

  // And all of them are the mask of the whole slice, however it was cut into tiles.
  const source = await openStack(join(place.folder, 'prob.tif'), { signal: never });
  const { width, height } = source.info;
  const { data } = await source.readRegion(0, { x: 0, y: 0, width, height }, 0, never);
  await source.close();
  const bytes = probabilityBytes(Float32Array.from(data, Number));
  const whole = membraneMask(bytes, width, height, card).map((value) => value * 255);
  expect(apart(whole, first)).toBe(0);
}, 300_000);
