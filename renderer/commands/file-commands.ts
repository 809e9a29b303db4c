import type { ExportedImage, Grant, ProjectView } from '#contract/entities';
import { toErrorReport } from '#contract/errors';
import type { GrantId } from '#contract/ids';
import { VOID } from '#contract/label-byte';
import { maskSettingOf } from '#contract/mask/mask-setting';
import type { DropTarget } from '../strings/drop-strings';
import type { Topics } from '../state/topics';
import { en } from '../strings/en';
import { dropStrings } from '../strings/drop-strings';
import { showTruth } from './bench-commands';
import { readAudit } from './audit-commands';
import { withPart } from './choose-part';
import { always, attempt, type Command } from './command';

function announce({ notices }: Topics, view: ProjectView): void {
  const { recovery, stack } = view;
  if (
    recovery &&
    (!recovery.cleanShutdown ||
      !recovery.complete ||
      recovery.recordsSetAside > 0 ||
      recovery.strokesAside > 0)
  )
    notices.add({ kind: 'recovered', report: recovery });
  if (stack.source !== 'present')
    notices.add({ kind: 'source', state: stack.source, name: stack.name });
  const notes = [...new Set(stack.info.warnings.map((warning) => warning.message))];
  if (notes.length > 0) notices.add({ kind: 'stack-notes', notes });
}

/** Resolves when main has everything of the open project: steps on the disk, and where the user looks. */
export async function settled({ painting, savedView }: Topics): Promise<void> {
  await Promise.all([painting.allSaved(), savedView.flush()]);
}

/** Takes away what is about the project that was open and nothing else. */
function forgetProject(topics: Topics): void {
  const { notices, comparison, classes, truth, queue, changes, audit } = topics;
  notices.leaveProject();
  comparison.end();
  classes.leave();
  truth.close();
  topics.accuracy.close();
  queue.close();
  changes.leave();
  audit.close();
  topics.effort.close();
}

/** Shows a project that main has opened. */
export function enter(topics: Topics, view: ProjectView): void {
  // A training that began with nothing open has just opened the project that it trained into: its curve and its card stay.
  if (topics.project.open !== null) {
    forgetProject(topics);
    topics.training.forget();
  }
  topics.models.show(view.models, view.model);
  topics.view.start(view.view, view.stack.info.depth);
  topics.planes.start(view.view, view.stack.info);
  topics.layers.start(view.view.layers, view.view.contour);
  topics.mask.restore(view.model, maskSettingOf(view.view));
  topics.classMasks.restore(view.model, view.view.classThresholds, view.view.hiddenClasses);
  topics.painting.begin(view, topics.client);
  topics.project.show(view);
  topics.effort.show(view.effort);
  topics.loop.start();
  // No brush in hands that may not paint.
  if (view.access.kind === 'read-only') topics.brush.take('pan');
  else
    topics.brush.restore(
      view.view.hand,
      (label) => label === VOID || view.classes.some(({ id }) => id === label),
    );
  announce(topics, view);
  void readAudit(topics);
}

/** After a failure of `work` nobody knows what main has open: it is to be what the window shows. */
export async function orComeBack<T>(
  { client, project, painting }: Topics,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const shown = project.open?.id;
    if (shown !== undefined) {
      // Where that fails too, the next step asks again and says what is in the way.
      const view = await client['project.resume']({ project: shown }).catch(() => null);
      if (view !== null && project.open?.id === shown) painting.begin(view, client);
    }
    throw error;
  }
}

/** Opens a stack or a project. Rejects as main does; what was open stays then. */
async function open(
  topics: Topics,
  { id: grant, name }: Pick<Grant, 'id' | 'name'>,
): Promise<void> {
  const { client, project, app } = topics;
  project.opening = name;
  try {
    const view = await orComeBack(topics, async () => {
      for (;;) {
        await settled(topics);
        const opened = await client['project.open']({ grant });
        // A step that was made meanwhile is saved in its own project first.
        if (!topics.painting.waitsFor(opened)) return opened;
      }
    });
    enter(topics, view);
    app.recent = await client['recent.list']();
  } catch (error) {
    // With a folder for its project it opens: then it is not to be chosen again.
    const noFolder = toErrorReport(error).code === 'project.no-folder';
    project.waiting = noFolder ? { grant, name } : null;
    throw error;
  } finally {
    project.opening = null;
  }
}

/** Opens a stack or a project, of several stacks the one that the user chooses; a failure is told. */
export async function openGrant(topics: Topics, grant: GrantId, name: string): Promise<void> {
  const { notices, project } = topics;
  try {
    await withPart(topics, { id: grant, name }, (one) => open(topics, one));
  } catch (error) {
    notices.refuse(toErrorReport(error), project.open ? 'project' : 'home');
  }
}

async function choose(topics: Topics, kind: 'stack' | 'stack-folder' | 'project'): Promise<void> {
  await attempt(topics, async () => {
    const grant = await topics.client['dialog.open']({ kind });
    if (grant) await openGrant(topics, grant.id, grant.name);
  });
}

/** Files dropped on the window, or handed over by the system: the first that fits is taken, as `target` says. */
export async function openOffered(
  topics: Topics,
  grants: readonly Grant[],
  target: DropTarget = 'open',
): Promise<void> {
  const { app, notices, project } = topics;
  if (target === 'open' || project.open === null) {
    const first = grants.find((grant) => grant.kind === 'stack' || grant.kind === 'project');
    if (first) await openGrant(topics, first.id, first.name);
    return;
  }
  const stack = grants.find((grant) => grant.kind === 'stack');
  if (!stack) notices.toast(dropStrings.needsStack, 'warning');
  else if (target === 'truth') await showTruth(topics, stack);
  else {
    app.trainLabels = stack;
    app.dialog = 'train';
  }
}

async function relink(topics: Topics, grant: GrantId, acceptOther: boolean): Promise<void> {
  const { client, notices, opening } = topics;
  await settled(topics);
  const answer = await orComeBack(topics, () =>
    client['project.relink']({ at: opening.here(), grant, acceptOther }),
  );
  switch (answer.kind) {
    case 'relinked':
      enter(topics, answer.project);
      notices.toast(en.notices.findStack.found(answer.project.stack.name), 'good');
      return;
    case 'other-file':
      notices.add({ kind: 'other-file', name: answer.name, grant });
      return;
  }
}

/** Asks for the file or the folder that a project's stack is now. */
export async function findStack(
  topics: Topics,
  kind: 'stack' | 'stack-folder' = 'stack',
): Promise<void> {
  await attempt(topics, async () => {
    const grant = await topics.client['dialog.open']({ kind });
    if (grant) await relink(topics, grant.id, false);
  });
}

/** Takes a file that is not the one the project was made from: the user said so. */
export async function useOtherStack(topics: Topics, grant: GrantId): Promise<void> {
  await attempt(topics, () => relink(topics, grant, true));
}

/** Asks where new projects are to be kept, and opens the stack that had no place for its project. */
export async function chooseProjects(topics: Topics): Promise<void> {
  const { client, project, notices } = topics;
  await attempt(topics, async () => {
    const chosen = await client['projects.choose']();
    if (chosen === null) return;
    notices.toast(en.welcome.projectsChosen(chosen.name), 'good');
    const { waiting } = project;
    project.waiting = null;
    if (waiting) await openGrant(topics, waiting.grant, waiting.name);
  });
}

export function fileCommands(topics: Topics) {
  const { app, project, painting, client, jobs } = topics;
  const needsProject = (): string | null => (project.open ? null : en.top.why.noProject);
  const cannotFind = (): string | null =>
    needsProject() ?? (project.readOnly ? en.top.why.readOnly : jobs.busy ? en.top.why.busy : null);
  const exporting = (what: ExportedImage): Command => ({
    blocked: needsProject,
    run: () => {
      app.exporting = what;
      app.dialog = 'export';
    },
  });
  return {
    'file.open': { blocked: always, run: () => choose(topics, 'stack') },
    'file.openFolder': { blocked: always, run: () => choose(topics, 'stack-folder') },
    'file.openProject': { blocked: always, run: () => choose(topics, 'project') },
    'file.openSample': {
      blocked: () => (app.info?.sample ? null : en.welcome.sampleMissing),
      run: async () => {
        const sample = app.info?.sample;
        if (sample) await openGrant(topics, sample, en.welcome.sampleTitle);
      },
    },
    'file.close': {
      blocked: () => needsProject() ?? (jobs.busy ? en.top.why.busy : null),
      run: () =>
        attempt(topics, async () => {
          await orComeBack(topics, async () => {
            do {
              await settled(topics);
              await client['project.close']({ at: topics.opening.here() });
            } while (painting.waitsFor({ id: null }));
          });
          forgetProject(topics);
          painting.leave();
          topics.training.forget();
          project.close();
          topics.models.show([], null);
          // Home says how far the project is now.
          app.recent = await client['recent.list']();
        }),
    },
    'file.save': {
      blocked: needsProject,
      run: () => {
        app.dialog = 'versions';
      },
    },
    'file.findStack': { blocked: cannotFind, run: () => findStack(topics) },
    'file.findFolder': { blocked: cannotFind, run: () => findStack(topics, 'stack-folder') },
    'file.chooseProjects': { blocked: always, run: () => chooseProjects(topics) },
    'file.importLabels': {
      blocked: () => needsProject() ?? (project.readOnly ? en.top.why.readOnly : null),
      run: () => {
        app.dialog = 'import';
      },
    },
    'file.exportMask': exporting('mask'),
    'file.exportClasses': exporting('classes'),
    'file.exportReview': exporting('review'),
    'file.exportProbability': exporting('probability'),
  } satisfies Record<string, Command>;
}
