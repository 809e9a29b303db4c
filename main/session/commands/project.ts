import { basename } from 'node:path';
import type { Handlers } from '#main/ipc/handlers';
import { assertIdle } from '../open/assert-idle';
import type { ServiceParts } from '../service-parts';
import { resumeTraining } from '../start/resume-training';

type ProjectCommands = Pick<
  Handlers,
  | 'project.open'
  | 'project.resume'
  | 'project.close'
  | 'project.saveView'
  | 'project.setVoxelSize'
  | 'project.apply'
  | 'project.history'
  | 'project.relink'
  | 'effort.active'
>;

export function projectCommands(parts: ServiceParts): ProjectCommands {
  const { session, grants, jobs, opening, publish } = parts;
  const mayClose = (): void => {
    assertIdle(jobs);
  };

  return {
    async 'project.open'({ grant }) {
      await jobs.stopBackground();
      opening.taken(grant);
      const path = await grants.path(grant, 'stack', 'project');
      const open = await (grants.kind(grant) === 'project'
        ? session.openProject(path, mayClose)
        : session.openStack(path, mayClose));
      await resumeTraining(parts, open);
      return open.view();
    },
    async 'project.resume'({ project }) {
      return (await session.resume(project, mayClose)).view();
    },
    async 'project.close'({ at }) {
      await jobs.stopBackground();
      await session.close(at, mayClose);
      return null;
    },
    'project.saveView'({ at, view }) {
      session.at(at).project.setView(view);
      return null;
    },
    async 'project.setVoxelSize'({ at, voxelSize }) {
      await session.at(at).project.setVoxelSize(voxelSize);
      return null;
    },
    async 'project.apply'({ at, step }) {
      const { project } = session.at(at);
      const applied = await project.apply(step);
      if (step.change.kind === 'model') await session.announceModels();
      publish('project.changed', {
        project: project.id,
        sequence: step.sequence,
        classes: project.classes,
        arrangement: project.arrangement,
        removed: project.removed,
        predictions: project.predictions.list(),
      });
      return applied;
    },
    'effort.active'({ at, seconds }) {
      const { project } = session.at(at);
      project.assertWritable();
      project.efforts.active(seconds);
      return null;
    },
    'project.history': ({ at, bytes }) => session.at(at).project.history(bytes),
    async 'project.relink'({ at, grant, acceptOther }) {
      const path = await grants.path(grant, 'stack');
      await jobs.stopBackground();
      const open = await session.relink(at, path, { acceptOther, mayClose });
      return open
        ? { kind: 'relinked', project: await open.view() }
        : { kind: 'other-file', name: basename(path) };
    },
  };
}
