import type { RecentItem, WorkDone } from '#contract/entities';
import { disks } from '#main/storage/answering-disks';
import type { GrantTable } from '#main/grants/grant-table';
import type { RecentEntry, RecentStore } from '#main/settings/recent-store';

/** Recent projects as the window sees them: by grant, and only those that are still there. */
export class RecentProjects {
  constructor(
    private readonly store: RecentStore,
    private readonly grants: GrantTable,
    private readonly changed: () => void,
  ) {}

  /** Folders of the projects opened before, newest first. */
  get folders(): readonly string[] {
    return this.store.entries.map(({ path }) => path);
  }

  async items(): Promise<RecentItem[]> {
    const items: RecentItem[] = [];
    for (const { path, name, detail, opened, done } of this.store.entries) {
      // On a drive that is not connected now, or does not answer; it stays in the list for when it is.
      const grant = await disks
        .ask(path, () => this.grants.grant(path, 'project'))
        .catch(() => null);
      if (grant !== null)
        items.push({ grant: grant.id, name, kind: 'project', detail, opened, done });
    }
    return items;
  }

  async add(entry: RecentEntry): Promise<void> {
    await this.store.add(entry);
    this.changed();
  }

  /** Notes how far a project is. */
  note(folder: string, done: WorkDone): Promise<void> {
    return this.store.note(folder, done);
  }

  async clear(): Promise<void> {
    await this.store.clear();
    this.changed();
  }
}
