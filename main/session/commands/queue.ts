import type { Handlers } from '#main/ipc/handlers';
import { ProjectQueue } from '#main/queue/project-queue';
import type { OpenProject } from '../open/open-project';
import type { ServiceParts } from '../service-parts';

type QueueCommands = Pick<Handlers, 'queue.list'>;

export function queueCommands({ session, engines }: ServiceParts): QueueCommands {
  const queues = new WeakMap<OpenProject, ProjectQueue>();
  let running = new AbortController();
  return {
    async 'queue.list'({ at, threshold }) {
      const open = session.at(at);
      running.abort();
      running = new AbortController();
      const { signal } = running;
      const model = await open.currentModel();
      if (model === null) return { entries: [], slices: 0 };
      const { file } = await open.models.find(model);
      const queue = queues.get(open) ?? new ProjectQueue(open.project);
      queues.set(open, queue);
      const { project } = open;
      await project.labels.settled();
      return queue.list(model, threshold, engines.forJob('segment', file.baseFilters), signal);
    },
  };
}
