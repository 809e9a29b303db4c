import type { ProjectOpening, ProjectView } from '#contract/entities';
import { MembranaError } from '#contract/errors';

/** Which opening of which project this window's commands are meant for. */
export class Opening {
  #at: ProjectOpening | null = null;

  /** Commands go to this opening from now on. */
  take({ id, opening }: Pick<ProjectView, 'id' | 'opening'>): void {
    this.#at = { project: id, opening };
  }

  leave(): void {
    this.#at = null;
  }

  /** Null where nothing is open. */
  get current(): ProjectOpening | null {
    return this.#at;
  }

  /** @throws MembranaError project.not-a-project where nothing is open */
  here(): ProjectOpening {
    if (this.#at !== null) return this.#at;
    throw new MembranaError('project.not-a-project', 'No project is open.', {
      hint: 'Open a stack or a project first.',
    });
  }
}
