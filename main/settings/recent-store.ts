import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '#main/diagnostics/log';
import { JsonStore, type ReplaceFile } from './json-store';

const RecentEntry = z.object({
  /** Absolute path of the project folder. */
  path: z.string().min(1),
  name: z.string(),
  /** What the entry shows under its name: the stack's name and size. */
  detail: z.string(),
  opened: z.string(),
});
export type RecentEntry = z.infer<typeof RecentEntry>;

const Stored = z.object({ projects: z.array(RecentEntry) });

const MOST_RECENT = 30;

/** `recent.json` in the user's data folder: projects opened, newest first. */
export class RecentStore {
  private constructor(private readonly store: JsonStore<z.infer<typeof Stored>>) {}

  static async open(folder: string, replaceFile: ReplaceFile, log: Log): Promise<RecentStore> {
    const path = join(folder, 'recent.json');
    const parse = (json: unknown): z.infer<typeof Stored> => Stored.parse(json);
    return new RecentStore(
      await JsonStore.open({ path, parse, initial: { projects: [] }, replaceFile, log }),
    );
  }

  get entries(): readonly RecentEntry[] {
    return this.store.value.projects;
  }

  async add(entry: RecentEntry): Promise<void> {
    const others = this.entries.filter(({ path }) => path !== entry.path);
    await this.store.set({ projects: [entry, ...others].slice(0, MOST_RECENT) });
  }

  async clear(): Promise<void> {
    await this.store.set({ projects: [] });
  }
}
