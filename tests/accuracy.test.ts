import { copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EvaluateResult } from '#main/compute/requests';
import { INTERIOR, painted } from '#contract/label-byte';
import { makeWorkplace, type Workplace } from '#main/session/testing/running-services';
import { stroke } from '#main/session/testing/window-steps';
import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';
import { buildCli, runCli } from '../main/cli/testing/built-cli';
import { showTruth } from '../renderer/commands/bench-commands';
import { segment } from '../renderer/commands/model-commands';
import { WindowOverMain } from './window-over-main';

const replay = resolve(import.meta.dirname, '..', 'resources', 'replay');

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
});
afterEach(async () => {
  await place.remove();
  vi.unstubAllGlobals();
});

/** Opens a label stack as truth, as the window does. */
async function openTruth(window: WindowOverMain, path: string): Promise<void> {
  const { app, topics } = window;
  app.chosen.push(path);
  const grant = await app.call('dialog.open', { kind: 'labels' });
  if (!grant) throw new Error('no grant');
  await showTruth(topics, grant);
}

async function measured(window: WindowOverMain): Promise<void> {
  const { app, topics, commands } = window;
  const before = app.heard('job.changed').length;
  expect(commands['accuracy.measure'].blocked()).toBeNull();
  await commands['accuracy.measure'].run();
  const ended = (): string | undefined =>
    app
      .heard('job.changed')
      .slice(before)
      .findLast(({ kind }) => kind === 'accuracy')?.state;
  await expect.poll(ended, { timeout: 120_000 }).toMatch(/done|failed|cancelled/);
  expect(topics.jobs.running('accuracy')).toBeNull();
}

it('measures the mask that is exported, with the numbers of the command line, and says when it is old', async () => {
  const cli = await buildCli();
  const stack = join(place.folder, 'crops.tif');
  await copyFile(join(replay, 'vnc-crops.tif'), stack);
  const truth = join(place.folder, 'membranes.tif');
  await copyFile(join(replay, 'vnc-membranes.tif'), truth);
  const window = await WindowOverMain.open(place, stack, join(cli.file, '..', 'compute.js'));
  const { app, topics, commands } = window;
  const { accuracy } = topics;
  expect(commands['accuracy.measure'].blocked()).toMatch(/Open a truth/);
  await openTruth(window, truth);
  topics.truth.membrane = 255;
  expect(commands['accuracy.measure'].blocked()).toMatch(/Segment slices first/);

  const model = topics.models.currentId;
  if (model === null) throw new Error('no model');
  const slices = [1, 6];
  await segment(topics, slices);
  await vi.waitUntil(() => slices.every((z) => topics.project.hasPrediction(model, z)), {
    timeout: 120_000,
  });
  await measured(window);
  const first = accuracy.report;
  if (first === null) throw new Error('nothing was measured');
  expect(first.slices.map(({ z }) => z)).toEqual(slices);
  expect(first.scores.vInfo).toBeGreaterThan(0.6);

  // What somebody paints is part of the mask: here a wall is taken away.
  const sequence = window.session.lastSequence + 1;
  await app.call('labels.append', { patch: stroke(sequence, 1, 0, 40_000, painted(INTERIOR)) });
  await vi.waitUntil(() => accuracy.changedSlices.has(1), { timeout: 10_000 });
  expect([...accuracy.changedSlices]).toEqual([1]);
  await measured(window);
  const { report } = accuracy;
  if (report === null) throw new Error('nothing was measured');
  expect(report.slices[1]).toEqual(first.slices[1]);
  expect(report.slices[0]?.scores.dice).not.toBe(first.slices[0]?.scores.dice);
  expect(accuracy.changedSlices.size).toBe(0);

  const mask = join(place.folder, 'mask.tif');
  app.chosen.push(mask);
  const grant = await app.call('dialog.save', { kind: 'tiff', name: 'mask.tif' });
  if (!grant) throw new Error('no grant');
  const { job } = await app.call('labels.export', {
    ...{ grant: grant.id, what: 'mask', mask: topics.mask.thresholds, slices },
    missing: 'refuse',
  });
  const state = (): string | undefined =>
    app.heard('job.changed').findLast(({ id }) => id === job)?.state;
  await expect.poll(state, { timeout: 30_000 }).toBe('done');
  const asked = ['--prediction', 'mask.tif', '--truth', 'membranes.tif', '--membrane', '255'];
  const { stdout, stderr } = await runCli(cli, place.folder, [
    'evaluate',
    ...asked,
    ...['--slices', slices.join(','), '--errors', '500', '--json'],
  ]);
  expect(stderr).not.toMatch(/rror:/);
  const { atThreshold, errors } = EvaluateResult.parse(JSON.parse(stdout));
  const { scores } = report;
  for (const name of Object.keys(scores).filter((key): key is keyof typeof scores => key in scores))
    expect([name, scores[name]]).toEqual([name, expect.closeTo(atThreshold[name] ?? -1, 12)]);
  const { worst, ...counts } = errors ?? { worst: [] };
  expect(report.errors).toEqual(counts);
  expect(report.worst).toEqual(worst);
  expect(worst.length).toBeGreaterThan(3);

  await commands['accuracy.next'].run();
  expect(topics.view.z).toBe(worst[0]?.z);

  // A truth without the slices that have a prediction: nothing to measure, in words.
  const { width, height } = window.everything;
  const empty = join(place.folder, 'empty.tif');
  const voxelSize = { x: null, y: null, z: null, source: 'unknown' } as const;
  const writer = await createTiffWriter(empty, { width, height, type: 'uint8', voxelSize });
  for (const z of window.slices)
    await writer.append(new Uint8Array(width * height).fill(z === 0 ? 255 : 0).fill(0, 0, 9));
  await writer.finish();
  await openTruth(window, empty);
  expect(accuracy.report).toBeNull();
  topics.truth.membrane = 255;
  await measured(window);
  const failed = app.heard('job.changed').findLast(({ kind }) => kind === 'accuracy');
  if (failed?.state !== 'failed') throw new Error('it did not fail');
  expect(failed.error.code).toBe('accuracy.no-truth');
  expect(failed.error.hint).toMatch(/membrane value/);
  await window.quit();
}, 300_000);
