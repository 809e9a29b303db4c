import type { CommandInput } from '#contract/commands';
import type { MenuKeys } from '#contract/events';
import type { ProcessLauncher } from '#main/compute/transport';
import type { Log } from '#main/diagnostics/log';
import type { GrantTable } from '#main/grants/grant-table';
import type { Publish } from '#main/ipc/publish';
import type { JobQueue } from '#main/jobs/job-queue';
import type { PreviewRing } from '#main/jobs/preview-ring';
import type { InterruptedStore } from '#main/jobs/interrupted-store';
import type { SettingsStore } from '#main/settings/settings-store';
import type { Dialogs } from './open/dialogs';
import type { Engines } from './engines';
import type { Opening } from './open/opening';
import type { ProjectsFolder } from './open/projects-folder';
import type { RecentProjects } from './open/recent-projects';
import type { Session } from './session';

type Link = CommandInput<'app.openLink'>['link'];

/** What the services need from where they run; Electron gives all of it, a test what it likes. */
export interface ServiceOptions {
  readonly version: string;
  readonly versions: Readonly<Record<string, string | undefined>>;
  /** The Electron that the app is made for; null outside Electron. */
  readonly intendedElectron: string | null;
  /** Folder of settings.json and recent.json. */
  readonly userData: string;
  /** Folder of the bundled models and the sample. */
  readonly resources: string;
  /** Folder that new projects are made in until the user chooses another one. */
  readonly projects: string;
  readonly launcher: ProcessLauncher;
  readonly dialogs: Dialogs;
  readonly openLink: (link: Link) => Promise<void>;
  /** Shows a file in the system's file manager. */
  readonly showInFolder: (path: string) => void;
  readonly publish: Publish;
  readonly log: Log;
  readonly logTail: () => Promise<string>;
}

/** What the commands share. */
export type ServiceParts = ServiceOptions & {
  readonly grants: GrantTable;
  readonly settings: SettingsStore;
  readonly recent: RecentProjects;
  readonly interrupted: InterruptedStore;
  readonly projectsFolder: ProjectsFolder;
  readonly opening: Opening;
  readonly engines: Engines;
  readonly jobs: JobQueue;
  readonly previews: PreviewRing;
  readonly session: Session;
  readonly menuChanged: () => void;
  readonly setMenuKeys: (keys: MenuKeys) => void;
};
