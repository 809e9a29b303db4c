import { basename } from 'node:path';
import { MembranaError } from '#contract/errors';
import type { Handlers } from '#main/ipc/handlers';
import type { ServiceParts } from '../service-parts';
import { resumeTraining } from '../resume-training';

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
  /** A job writes into the project that is open: it is finished or cancelled before that one closes. */
  const assertIdle = (): void => {
    const job = jobs.list().find(({ state }) => state === 'running' || state === 'queued');
    if (job === undefined) return;
    throw new MembranaError('job.busy', `"${job.title}" is still running in this project.`, {
      hint: 'Wait for it or cancel it, then open the other one.',
      safe: 'Nothing was closed.',
      data: { job: job.id },
    });
  };

  return {
    async 'project.open'({ grant }) {
      await jobs.stopBackground();
      opening.taken(grant);
      const path = await grants.path(grant, 'stack', 'project');
      const open = await (grants.kind(grant) === 'project'
        ? session.openProject(path, assertIdle)
        : session.openStack(path, assertIdle));
      await resumeTraining(parts, open);
      return open.view();
    },
    async 'project.resume'({ project }) {
      return (await session.resume(project, assertIdle)).view();
    },
    async 'project.close'({ at }) {
      await jobs.stopBackground();
      await session.close(at, assertIdle);
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
        predictions: project.predictions.list(),
      });
      return applied;
    },
    'effort.active'({ at, seconds }) {
      const { project } = session.at(at);
      project.mustWrite();
      project.efforts.active(seconds);
      return null;
    },
    'project.history': ({ at, bytes }) => session.at(at).project.history(bytes),
    async 'project.relink'({ at, grant, acceptOther }) {
      const path = await grants.path(grant, 'stack');
      await jobs.stopBackground();
      const open = await session.relink(at, path, { acceptOther, mayClose: assertIdle });
      return open
        ? { kind: 'relinked', project: await open.view() }
        : { kind: 'other-file', name: basename(path) };
    },
  };
}
