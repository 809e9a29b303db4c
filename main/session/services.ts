import { rescuedStrokes } from '#main/settings/user-data-folder';
import { join } from 'node:path';
import type { RecentItem, Settings } from '#contract/entities';
import type { MenuKeys } from '#contract/events';
import { GrantTable } from '#main/grants/grant-table';
import { offerFiles } from '#main/grants/offered-files';
import type { Handlers } from '#main/ipc/handlers';
import { JobQueue } from '#main/jobs/job-queue';
import { PreviewRing } from '#main/jobs/preview-ring';
import { writeFileAtomic } from '#main/storage/atomic-file';
import { InterruptedStore } from '#main/jobs/interrupted-store';
import { RecentStore } from '#main/settings/recent-store';
import { SettingsStore } from '#main/settings/settings-store';
import { disks } from '#main/storage/answering-disks';
import { appCommands } from './commands/app';
import { auditCommands } from './commands/audit';
import { conditioningCommands } from './commands/conditioning';
import { fileCommands } from './commands/files';
import { jobCommands } from './commands/jobs';
import { labelCommands } from './commands/labels';
import { layerCommands } from './commands/layers';
import { modelCommands } from './commands/models';
import { projectCommands } from './commands/project';
import { changesCommands } from './commands/changes';
import { queueCommands } from './commands/queue';
import { truthCommands } from './commands/truth';
import { versionCommands } from './commands/versions';
import { threadCount } from '#main/engines/thread-count';
import { EngineProfileStore } from '#main/engines/engine-profile-store';
import { thisMachine } from '#main/engines/machine';
import { Engines } from './engines';
import { Opening } from './open/opening';
import { createPixelService, type PixelService } from './pixels';
import { ProjectsFolder } from './open/projects-folder';
import { RecentProjects } from './open/recent-projects';
import type { ServiceOptions, ServiceParts } from './service-parts';
import { Session } from './session';

export interface Services {
  readonly handlers: Handlers;
  readonly pixels: PixelService;
  settings(): Settings;
  recent(): Promise<readonly RecentItem[]>;
  clearRecent(): Promise<void>;
  /** The keys that the window gave the menu's commands. */
  menuKeys(): MenuKeys;
  /** Calls back when the theme, the recent projects or the keys change. */
  onMenuState(listener: () => void): void;
  /** Files that the app was started with; the window opens them when it asks for `app.info`. */
  offerAtStart(paths: readonly string[]): Promise<void>;
  /** Files that came while the window is up. */
  offer(paths: readonly string[], via: 'drop' | 'system'): Promise<void>;
  /** The page listens to events now. */
  windowReady(): void;
  /** The page is being loaded again: it will find what was open. */
  windowLost(): void;
  /** A training is running, which quitting would lose. */
  readonly training: () => boolean;
  /** Cancels jobs, writes what is waiting, closes the project. */
  close(): Promise<void>;
}

/** The engines are tried a moment after the window is up, so that they don't slow its start. */
const LOOK_AFTER_MS = 1000;

/** Puts the services together. Nothing here knows Electron. */
export async function createServices(options: ServiceOptions): Promise<Services> {
  const { log, publish, userData, resources } = options;
  const grants = new GrantTable();
  const settings = await SettingsStore.open(userData, writeFileAtomic, log);
  const recentStore = await RecentStore.open(userData, writeFileAtomic, log);
  const interrupted = await InterruptedStore.open(userData, writeFileAtomic, log);
  const projectsFolder = await ProjectsFolder.open(
    options.projects,
    userData,
    writeFileAtomic,
    log,
  );
  let menuKeys: MenuKeys = {};
  const menuListeners = new Set<() => void>();
  const menuChanged = (): void => {
    for (const listener of menuListeners) listener();
  };
  const recent = new RecentProjects(recentStore, grants, menuChanged);
  const stopListening = disks.onLateAnswer(() => {
    menuChanged();
    void recent.items().then((items) => {
      publish('recent.changed', items);
    });
  });
  const opening = new Opening(grants);
  const previews = new PreviewRing();
  const engines: Engines = new Engines({
    launcher: options.launcher,
    machine: await thisMachine(threadCount('window')),
    memory: await EngineProfileStore.open(userData, writeFileAtomic, log),
    settings: () => settings.value,
    busy: () => jobs.list().some(({ state }) => state === 'running' || state === 'queued'),
    log: (text) => {
      log.info('compute', { text });
    },
    changed: (state) => {
      publish('compute.state', state);
    },
    overviewChanged: (overview) => {
      publish('engines.changed', overview);
    },
  });
  const jobs = new JobQueue({
    changed: (job) => {
      publish('job.changed', job);
      engines.jobsChanged();
    },
    training: (job, update) => {
      publish('training.update', { job, update });
    },
    log: (text) => {
      log.warn('job failed', { text });
    },
  });
  const session = new Session({
    projects: projectsFolder,
    bundledModels: join(resources, 'models'),
    rescue: rescuedStrokes(userData),
    askPlace: () => options.dialogs.open('strokes-folder'),
    recent,
    publish,
    log,
  });
  const parts: ServiceParts = {
    ...options,
    grants,
    settings,
    recent,
    interrupted,
    projectsFolder,
    opening,
    engines,
    jobs,
    previews,
    session,
    menuChanged,
    setMenuKeys: (keys) => {
      menuKeys = keys;
      menuChanged();
    },
  };
  const handlers = {
    ...appCommands(parts),
    ...fileCommands(parts),
    ...projectCommands(parts),
    ...labelCommands(parts),
    ...layerCommands(parts),
    ...jobCommands(parts),
    ...conditioningCommands(parts),
    ...modelCommands(parts),
    ...queueCommands(parts),
    ...changesCommands(parts),
    ...auditCommands(parts),
    ...truthCommands(parts),
    ...versionCommands(parts),
  } satisfies Handlers;

  let looking: NodeJS.Timeout | undefined;
  return {
    handlers,
    pixels: createPixelService(session, previews, publish),
    settings: () => settings.value,
    recent: () => recent.items(),
    clearRecent: () => recent.clear(),
    menuKeys: () => menuKeys,
    onMenuState: (listener) => menuListeners.add(listener),
    async offerAtStart(paths) {
      opening.wait(await offerFiles(grants, paths));
    },
    async offer(paths, via) {
      const { grants: offered, refused } = await offerFiles(grants, paths);
      if (offered.length > 0) publish('files.offered', { grants: [...offered], via });
      for (const error of refused) publish('files.refused', { error });
    },
    windowReady() {
      // A page that was loaded again: what the one before sent comes too late.
      session.current?.renew();
      engines.announce();
      clearTimeout(looking);
      looking = setTimeout(() => {
        engines.look();
      }, LOOK_AFTER_MS);
      for (const error of opening.takeRefused()) publish('files.refused', { error });
    },
    windowLost() {
      session.current?.renew();
      log.warn('window lost', { project: session.current?.project.name });
    },
    training: () =>
      jobs
        .list()
        .some(
          ({ kind, state }) =>
            state === 'running' && (kind === 'train' || kind === 'retrain' || kind === 'fit'),
        ),
    async close() {
      clearTimeout(looking);
      stopListening();
      const stopped = jobs.close();
      // A training stops after its step, which may take seconds; nothing of it is needed any more.
      engines.close();
      await stopped;
      await session.close();
    },
  };
}
