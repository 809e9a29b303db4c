import { join } from 'node:path';
import { AppInfo } from '#contract/entities';
import type { GrantId } from '#contract/ids';
import { diagnosticsText } from '#main/diagnostics/report';
import { writeFileAtomic } from '#main/storage/atomic-file';
import { nodeFileSystem } from '#main/storage/node-file-system';
import type { Handlers } from '#main/ipc/handlers';
import { toModelVersion } from '#main/models/model-card';
import { listModels } from '#main/models/model-store';
import type { ServiceParts } from '../service-parts';

type AppCommands = Pick<
  Handlers,
  | 'app.info'
  | 'app.openLink'
  | 'app.saveDiagnostics'
  | 'settings.set'
  | 'menu.setKeys'
  | 'recent.list'
  | 'recent.clear'
  | 'engines.list'
>;

function runtimeOf({ versions, intendedElectron }: ServiceParts): AppInfo['runtime'] {
  const electron = versions['electron'];
  if (electron === undefined || intendedElectron === null) return null;
  return { electron, intended: intendedElectron };
}

export function appCommands(parts: ServiceParts): AppCommands {
  const { session, settings, recent, opening, grants, engines, jobs, log } = parts;

  const sample = async (): Promise<GrantId | null> => {
    const folder = join(parts.resources, 'sample');
    const names = await nodeFileSystem.list(folder).catch((): string[] => []);
    const stack = names.find((name) => /\.tiff?$/i.test(name));
    return stack === undefined ? null : (await grants.grant(join(folder, stack), 'stack')).id;
  };

  const openFigures = async (): Promise<Record<string, string | number | null> | null> => {
    if (session.current === null) return null;
    const { access, stack, predictions, recovery, models } = await session.current.view();
    const { width, height, depth, type, compression } = stack.info;
    return {
      access: access.kind,
      source: stack.source,
      size: `${width} x ${height} x ${depth}`,
      type,
      compression,
      predictions: predictions.length,
      models: models.length,
      recovery: recovery?.message ?? null,
    };
  };

  return {
    async 'app.info'() {
      const { models } = await listModels(join(parts.resources, 'models'));
      return {
        version: parts.version,
        runtime: runtimeOf(parts),
        platform: AppInfo.shape.platform.catch('linux').parse(process.platform),
        settings: settings.value,
        recent: await recent.items(),
        sample: await sample(),
        opening: await opening.list(session.current?.project.folder ?? null),
        bundledModels: models.map(({ file }) => toModelVersion(file)),
      };
    },
    async 'app.openLink'({ link }) {
      await parts.openLink(link);
      return null;
    },
    async 'app.saveDiagnostics'() {
      const day = new Date().toISOString().slice(0, 10);
      const path = await parts.dialogs.save('diagnostics', `membrana-diagnostics-${day}.txt`);
      if (path === null) return { saved: false, name: '' };
      const grant = await grants.grantSave(path);
      const text = diagnosticsText({
        appVersion: parts.version,
        versions: Object.fromEntries(
          Object.entries(parts.versions).filter((entry): entry is [string, string] =>
            Boolean(entry[1]),
          ),
        ),
        settings: settings.value,
        engines: engines.known,
        jobs: jobs.list(),
        project: await openFigures(),
        logTail: await parts.logTail(),
      });
      const file = await grants.path(grant.id, 'save');
      await writeFileAtomic(file, new TextEncoder().encode(text), { reserveBytes: 0 });
      log.info('diagnostics saved');
      return { saved: true, name: grant.name };
    },
    async 'settings.set'(change) {
      const before = settings.value;
      const value = await settings.change(change);
      parts.menuChanged();
      if (
        before.engine !== value.engine ||
        before.device !== value.device ||
        before.provider !== value.provider ||
        before.segmentation !== value.segmentation
      )
        engines.wishChanged();
      return value;
    },
    'menu.setKeys'({ keys }) {
      parts.setMenuKeys(keys);
      return null;
    },
    'recent.list': () => recent.items(),
    async 'recent.clear'() {
      await recent.clear();
      return null;
    },
    'engines.list'({ refresh }) {
      if (refresh) engines.probe();
      else engines.look();
      return engines.overview();
    },
  };
}
