import { join } from 'node:path';
import { z } from 'zod';
import { KeySettings, Settings } from '#contract/entities';
import type { Log } from '#main/diagnostics/log';
import { JsonStore, type ReplaceFile } from '../storage/json-store';

export const defaultSettings: Settings = {
  theme: 'system',
  engine: 'auto',
  device: 'auto',
  provider: 'auto',
  segmentation: 'standard',
  wheel: 'slices',
  penPressure: true,
  eraseTo: 'interior',
  redoOld: true,
  keys: { preset: 'membrana', changes: {} },
  tour: { state: 'not-taken' },
};

/** One key that can't be read costs that command's change, not the others. */
const StoredKeys = z.object({
  preset: KeySettings.shape.preset.catch(defaultSettings.keys.preset),
  changes: z
    .record(z.string(), z.unknown())
    .catch({})
    .transform((found) => {
      const entries = Object.entries(found).flatMap(([command, chords]) => {
        const one = KeySettings.shape.changes.safeParse({ [command]: chords });
        return one.success ? Object.entries(one.data) : [];
      });
      return Object.fromEntries(entries);
    }),
});

// One wrong field costs that field, not the others.
const Stored = z.object({
  theme: Settings.shape.theme.catch(defaultSettings.theme),
  engine: Settings.shape.engine.catch(defaultSettings.engine),
  device: Settings.shape.device.catch(defaultSettings.device),
  provider: Settings.shape.provider.catch(defaultSettings.provider),
  segmentation: Settings.shape.segmentation.catch(defaultSettings.segmentation),
  wheel: Settings.shape.wheel.catch(defaultSettings.wheel),
  penPressure: Settings.shape.penPressure.catch(defaultSettings.penPressure),
  eraseTo: Settings.shape.eraseTo.catch(defaultSettings.eraseTo),
  redoOld: Settings.shape.redoOld.catch(defaultSettings.redoOld),
  keys: StoredKeys.catch(defaultSettings.keys),
  tour: Settings.shape.tour.catch(defaultSettings.tour),
});

/** `settings.json` in the user's data folder. */
export class SettingsStore {
  private constructor(private readonly store: JsonStore<Settings>) {}

  static async open(folder: string, replaceFile: ReplaceFile, log: Log): Promise<SettingsStore> {
    const path = join(folder, 'settings.json');
    const parse = (json: unknown): Settings => Stored.parse(json);
    return new SettingsStore(
      await JsonStore.open({ path, parse, initial: defaultSettings, replaceFile, log }),
    );
  }

  get value(): Settings {
    return this.store.value;
  }

  /** Changes the fields given; answers all of them. */
  async change(part: {
    readonly [K in keyof Settings]?: Settings[K] | undefined;
  }): Promise<Settings> {
    const given = Object.fromEntries(
      Object.entries(part).filter(([, value]) => value !== undefined),
    );
    await this.store.set({ ...this.store.value, ...given });
    return this.store.value;
  }
}
