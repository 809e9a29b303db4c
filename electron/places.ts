import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';

export interface Places {
  readonly renderer: string;
  readonly preload: string;
  readonly compute: string;
  readonly resources: string;
  readonly icon: string | undefined;
  readonly userData: string;
  /** Where a stack's project is made when it is opened for the first time. */
  readonly projects: string;
}

/**
 * Where everything lies. MEMBRANA_USER_DATA and MEMBRANA_PROJECTS put settings
 * and new projects elsewhere, so that a test or a demonstration leaves no trace.
 */
export function places(): Places {
  const { MEMBRANA_PROJECTS: projects } = process.env;
  const folder = app.getAppPath();
  const inside = join(folder, 'resources');
  const resources = existsSync(inside) ? inside : join(process.resourcesPath, 'resources');
  const icon = join(resources, 'icons', 'membrana.png');
  return {
    renderer: join(folder, 'dist', 'renderer'),
    preload: join(folder, 'dist', 'main', 'preload.cjs'),
    compute: join(folder, 'dist', 'main', 'compute.js'),
    resources,
    icon: existsSync(icon) ? icon : undefined,
    userData: app.getPath('userData'),
    projects:
      projects === undefined || projects === ''
        ? join(app.getPath('documents'), 'Membrana')
        : projects,
  };
}

/** Must run before the lock for one instance and before anything is stored. */
export function moveUserData(): void {
  const { MEMBRANA_USER_DATA: folder } = process.env;
  if (folder === undefined || folder === '') return;
  app.setPath('userData', folder);
  app.setPath('sessionData', join(folder, 'session'));
}
