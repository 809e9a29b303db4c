import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MODEL } from './default-model';
import { readModel } from './model-folder';
import { listModels } from './model-store';

const folder = resolve(import.meta.dirname, '..', '..', 'resources', 'models');
const names = ['isbi-base16', 'isbi-base8', 'general'] as const;

describe('the bundled models', () => {
  it('are all there and whole, the default among them', async () => {
    const { models, damaged } = await listModels(folder);
    expect(damaged).toEqual([]);
    expect(new Set(models.map(({ file }) => String(file.id)))).toEqual(new Set(names));
    expect(names).toContain(String(DEFAULT_MODEL));
  });

  it.each(names)(
    '%s has a card that says what it is, where it is from and how good',
    async (name) => {
      const { file } = await readModel(join(folder, name));
      const { thresholds, scores, training } = file;
      expect(file).toMatchObject({ name, origin: 'bundled', status: { kind: 'accepted' } });
      for (const threshold of [thresholds.topology, thresholds.pixel]) {
        expect(threshold).toBeGreaterThan(0);
        expect(threshold).toBeLessThan(1);
      }
      expect(scores).toMatchObject({
        threshold: thresholds.topology,
        pixelThreshold: thresholds.pixel,
      });
      expect(file.scoresNote).toMatch(
        /Cross-validated: (one|\d) training.*±.*further training on all slices/s,
      );
      expect(file.licence).toMatch(/non-?commercial/i);
      expect(file.citation).toContain('Cardona');
      if (training === null) throw new Error('the card does not say how it was trained');
      const slices = new Map(training.data.map((data) => [data.name, data.slices]));
      expect(slices.get('train-volume.tif')).toBe('0-23');
      expect(slices.get('stack1-raw.tif')).toBe(name === 'general' ? '0-15' : undefined);
      for (const { fingerprint } of training.data)
        expect(fingerprint).toMatch(/^\d+:[0-9a-f]{64}:/);
      expect(training.curve.length).toBe(training.steps);
      const heldBack = Object.entries(training.recipe).filter(([key]) =>
        key.startsWith('heldBack'),
      );
      expect(heldBack.length).toBeGreaterThanOrEqual(1);
      for (const [, text] of heldBack) expect(text).toMatch(/^\d+-\d+ of .*V_Info 0\.\d+/);
      const beside = await readFile(join(folder, name, 'LICENSE.md'), 'utf8');
      expect(beside).toContain(file.licence);
      expect(beside).toContain(file.citation);
    },
  );

  it('the general one passes on the share-alike terms of the VNC data and owns up to the replay crops', async () => {
    const { file } = await readModel(join(folder, 'general'));
    expect(file.licence).toContain('CC BY-NC-SA 3.0');
    expect(file.citation).toContain('10.6084/m9.figshare.856713');
    expect(file.scoresNote).toContain('replay crops');
  });
});
