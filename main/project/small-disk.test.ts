import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { writeFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePatch } from '#contract/label-patch-codec';
import { MembranaError } from '#contract/errors';
import { openProject } from './project-store';
import {
  differingSlices,
  NaiveLabels,
  newProject,
  quickStorage,
  randomPatch,
  seeded,
  temporaryFolder,
} from './testing/sample-project';

let folder = '';
let remove: () => Promise<void>;
let disk = '';
let mounted = false;

beforeAll(async () => {
  ({ folder, remove } = await temporaryFolder());
  disk = join(folder, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk], { stdio: 'ignore' });
    mounted = true;
  } catch {
    console.log('Skipped the small full disk: a tmpfs can only be mounted by root.');
  }
});
afterAll(async () => {
  if (mounted) execFileSync('umount', [disk]);
  await remove();
});

describe('painting until a real small disk is full', () => {
  it(
    'loses nothing that was saved, says so, and goes on when there is room',
    { timeout: 60_000 },
    async (context) => {
      if (!mounted) context.skip();
      const warnings: MembranaError[] = [];
      const options = {
        ...quickStorage,
        ballastBytes: 512 << 10,
        segmentBytes: 128 << 10,
        onWarning: (error: MembranaError) => warnings.push(error),
      };
      const place = join(disk, 'Small.emproj');
      const project = await newProject(place, options);
      const filler = join(disk, 'filler');
      await writeFile(filler, new Uint8Array(1 << 20));
      const naive = new NaiveLabels();
      const paint = async (): Promise<void> => {
        const sequence = project.labels.lastSequence + 1;
        const patch = randomPatch(seeded(sequence), sequence);
        await project.labels.append(encodePatch(patch));
        naive.apply(patch);
      };
      const refusal = await (async () => {
        for (let n = 0; n < 20_000; n += 1) {
          try {
            await paint();
          } catch (error) {
            return error;
          }
        }
        return null;
      })();
      expect(refusal).toMatchObject({ code: 'disk.full' });
      expect(warnings.map(({ code }) => code)).toContain('disk.full');
      const saved = project.labels.lastSequence;
      expect(await differingSlices(project, naive)).toEqual([]);
      await unlink(filler);
      await sleep(1100);
      await paint();
      expect(project.labels.lastSequence).toBe(saved + 1);
      await project.close();
      const again = await openProject(place, { readOnlyIfLocked: false }, options);
      expect(again.labels.lastSequence).toBe(saved + 1);
      expect(await differingSlices(again, naive)).toEqual([]);
      await again.close();
    },
  );

  it('keeps everything when the project is closed while the disk is full', async (context) => {
    if (!mounted) context.skip();
    const place = join(disk, 'Closed.emproj');
    const project = await newProject(place, quickStorage);
    const naive = new NaiveLabels();
    const filler = join(disk, 'filler');
    for (let sequence = 1; sequence <= 20; sequence += 1) {
      const patch = randomPatch(seeded(sequence), sequence);
      naive.apply(patch);
      await project.labels.append(encodePatch(patch));
    }
    await writeFile(filler, new Uint8Array(8 << 20)).catch(() => undefined);
    await project.close();
    await unlink(filler);
    const again = await openProject(place, { readOnlyIfLocked: false }, quickStorage);
    expect(again.recovery?.strokesRecovered).toBe(20);
    expect(again.recovery?.message).toBe('Recovered 20 strokes, 0 lost.');
    expect(await differingSlices(again, naive)).toEqual([]);
    await again.close();
  });
});
