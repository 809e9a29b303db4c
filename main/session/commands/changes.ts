import type { Handlers } from '#main/ipc/handlers';
import { ProjectChanges } from '#main/queue/project-changes';
import { startCompleting } from '../start/complete-comparison';
import type { OpenProject } from '../open/open-project';
import type { ServiceParts } from '../service-parts';
import { conditioningOf } from '../stack-conditioning';

type ChangesCommands = Pick<Handlers, 'changes.list' | 'changes.complete'>;

export function changesCommands(parts: ServiceParts): ChangesCommands {
  const { session, engines } = parts;
  const found = new WeakMap<OpenProject, ProjectChanges>();
  let running = new AbortController();
  return {
    async 'changes.list'({ at, from, to, masks }) {
      const open = session.at(at);
      running.abort();
      running = new AbortController();
      const { signal } = running;
      const { project } = open;
      // Both must be versions of this project.
      await open.models.find(from);
      const { file } = await open.models.find(to);
      const changes = found.get(open) ?? new ProjectChanges(project);
      found.set(open, changes);
      await project.labels.settled();
      return changes.list(
        { model: from, thresholds: masks.from },
        { model: to, thresholds: masks.to },
        conditioningOf(project),
        engines.forJob('segment', file.baseFilters),
        signal,
      );
    },
    async 'changes.complete'({ at, from, to, z }) {
      const { project } = session.at(at);
      return { job: await startCompleting(parts, { stack: project.stack.id, from, to, z }) };
    },
  };
}
