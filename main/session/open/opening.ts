import type { Grant } from '#contract/entities';
import type { ErrorReport } from '#contract/errors';
import type { GrantId } from '#contract/ids';
import type { GrantTable } from '#main/grants/grant-table';
import type { OfferedFiles } from '#main/grants/offered-files';

/**
 * Files waiting for a window that has not asked yet: those the app was started
 * with, and, when the page was loaded again, the project that is open.
 */
export class Opening {
  private waiting: readonly Grant[] = [];
  private refused: readonly ErrorReport[] = [];

  constructor(private readonly grants: GrantTable) {}

  wait({ grants, refused }: OfferedFiles): void {
    this.waiting = grants;
    this.refused = refused;
  }

  /** The file was opened, or could not be: it is not offered again. */
  taken(grant: GrantId): void {
    this.waiting = this.waiting.filter(({ id }) => id !== grant);
  }

  /** What the window should open now; `project` is the folder of the open one. */
  async list(project: string | null): Promise<Grant[]> {
    if (this.waiting.length > 0 || project === null) return [...this.waiting];
    return [await this.grants.grant(project, 'project')];
  }

  /** Files of the start that can't be opened; told once. */
  takeRefused(): readonly ErrorReport[] {
    const told = this.refused;
    this.refused = [];
    return told;
  }
}
