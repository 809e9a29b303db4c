import type { Handlers } from '#main/ipc/handlers';
import { ProjectAccuracy } from '#main/accuracy/project-accuracy';
import type { OpenProject } from '../open/open-project';
import type { ServiceParts } from '../service-parts';
import { startMeasuring } from '../start/start-measuring';

type TruthCommands = Pick<Handlers, 'truth.open' | 'truth.close' | 'accuracy.measure'>;

export function truthCommands(parts: ServiceParts): TruthCommands {
  const { session, grants } = parts;
  const measured = new WeakMap<OpenProject, ProjectAccuracy>();
  return {
    async 'truth.open'({ at, grant }) {
      const path = await grants.path(grant, 'labels', 'stack');
      const { signal } = new AbortController();
      return (await session.at(at).openTruth(path, signal)).layer;
    },
    async 'truth.close'({ at }) {
      await session.at(at).closeTruth();
      return null;
    },
    async 'accuracy.measure'({ at, mask, membrane }) {
      const open = session.at(at);
      const accuracy = measured.get(open) ?? new ProjectAccuracy(open.project);
      measured.set(open, accuracy);
      return { job: await startMeasuring(parts, { open, accuracy, mask, membrane }) };
    },
  };
}
