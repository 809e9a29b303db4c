import { join } from 'node:path';
import { z } from 'zod';
import { WorkDone } from '#contract/entities';
import { limits } from '#contract/limits';
import type { Log } from '#main/diagnostics/log';
import { JsonStore, type ReplaceFile } from '../storage/json-store';

const RecentEntry = z.object({
  /** Absolute path of the project folder. */
  path: z.string().min(1).max(limits.path),
  name: z.string().max(limits.name),
  /** What the entry shows under its name: the stack's name and size. */
  detail: z.string().max(limits.text),
  opened: z.string().max(limits.name),
  /** How far it was when last looked at. */
  done: WorkDone.nullable().default(null),
});
export type RecentEntry = z.infer<typeof RecentEntry>;

const MOST_RECENT = 30;

/** One entry that can't be read costs itself, not the others. */
const Stored = z.object({
  projects: z.array(z.unknown()).transform((found) =>
    found.slice(0, MOST_RECENT).flatMap((entry) => {
      const one = RecentEntry.safeParse(entry);
      return one.success ? [one.data] : [];
    }),
  ),
});

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

  /** Notes how far a project is; one that is not in the list stays out. */
  async note(path: string, done: WorkDone): Promise<void> {
    if (!this.entries.some((entry) => entry.path === path)) return;
    const projects = this.entries.map((entry) =>
      entry.path === path ? { ...entry, done } : entry,
    );
    await this.store.set({ projects });
  }

  async clear(): Promise<void> {
    await this.store.set({ projects: [] });
  }
}
