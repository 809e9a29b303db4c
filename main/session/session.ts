import { basename } from 'node:path';
import { MembranaError, toErrorReport } from '#contract/errors';
import type { ProjectId, StackId } from '#contract/ids';
import {
  isPaintable,
  sameLayer,
  type LayerKey,
  type ModelVersion,
  type ProjectOpening,
} from '#contract/entities';
import type { LayerAddress } from '#contract/pixel-url';
import type { PlaneRequest } from '#contract/plane-url';
import type { Log } from '#main/diagnostics/log';
import type { Publish } from '#main/ipc/publish';
import type { LabelStore } from '#main/labels/label-store';
import { modelInUse } from '#main/models/model-in-use';
import { ModelStore } from '#main/models/model-store';
import type { Project } from '#main/project/project';
import { createProject, openProject } from '#main/project/project-store';
import type { StorageOptions } from '#main/project/storage-options';
import { sameFingerprint, stackFingerprint, type StackFingerprint } from '#main/stacks/fingerprint';
import { findProject, newProjectFolder } from './open/find-project';
import { findSource } from './open/find-source';
import { OpenProject, type OpenSource } from './open/open-project';
import type { ProjectsFolder } from './open/projects-folder';
import type { RecentProjects } from './open/recent-projects';
import { noteWork, workDone } from './work-done';
import { StackView } from './stack-view';

export interface SessionOptions {
  readonly projects: ProjectsFolder;
  readonly bundledModels: string;
  /** Folder for strokes of a project whose own folder vanished while it is open. */
  readonly rescue: string;
  /** Asks the user where strokes go that find no place when a project closes. */
  readonly askPlace: StorageOptions['askPlace'];
  readonly recent: RecentProjects;
  readonly publish: Publish;
  readonly log: Log;
}

/** Throws when what is open must not be closed now. */
export type MayClose = () => void;

/** What is open now: one project with its stack, or nothing. Opening and closing happen one after another. */
export class Session {
  current: OpenProject | null = null;
  private turn: Promise<unknown> = Promise.resolve();
  private disposers: (() => void)[] = [];
  /** Where the projects lie that were open in this run. */
  private readonly folders = new Map<ProjectId, string>();

  constructor(private readonly options: SessionOptions) {}

  /**
   * The open project, if it is the one that a command means.
   * @throws MembranaError project.stale when another one is open by now, or the same one was opened again
   */
  at({ project, opening }: ProjectOpening): OpenProject {
    const { current } = this;
    if (current?.project.id === project && current.opening === opening) return current;
    throw new MembranaError(
      'project.stale',
      'That was meant for a project that is not open here any more.',
      {
        hint: 'Open the project again: what the window has of it is saved then.',
        safe: 'Nothing was changed in any project.',
        data: { project },
      },
    );
  }

  /**
   * The project that the window shows, opened again where another one is open by now.
   * @throws MembranaError project.stale for one that was never open here; as `openProject`
   */
  async resume(project: ProjectId, mayClose: MayClose): Promise<OpenProject> {
    const folder = this.folders.get(project);
    if (folder !== undefined) return this.openProject(folder, mayClose);
    throw new MembranaError(
      'project.stale',
      'That project was not opened in this run of Membrana.',
      {
        hint: 'Open the project again.',
        data: { project },
      },
    );
  }

  /** The open project, if `stack` is its stack. @throws MembranaError project.source-missing */
  projectOf(stack: StackId): OpenProject {
    if (this.current?.project.stack.id === stack) return this.current;
    throw new MembranaError('project.source-missing', 'That stack is not open.', {
      hint: 'Open its project first.',
      data: { stack },
    });
  }

  /**
   * The labels of a layer of the open project, shown or not: what was asked for
   * before another one came into the window is still answered for the one that was meant.
   * @throws MembranaError project.stale for a layer of another project, labels.layer-removed
   */
  layerOf({ project, stack, layer }: LayerAddress): { open: OpenProject; labels: LabelStore } {
    const open = this.current;
    if (open?.project.id === project)
      return { open, labels: open.project.labelsOf({ stack, layer }) };
    throw new MembranaError('project.stale', 'Those labels are of a project that is not open.', {
      hint: 'Open the project again.',
      safe: 'Nothing was changed in any project.',
      data: { project },
    });
  }

  /** The open project, for a plane of its stack. @throws as `projectOf` and, of labels, `layerOf` */
  planesOf({ stack, layer }: Pick<PlaneRequest, 'stack' | 'layer'>): OpenProject {
    if (layer.kind === 'labels' || layer.kind === 'ids')
      return this.layerOf({ project: layer.project, stack, layer: layer.layer }).open;
    return this.projectOf(stack);
  }

  /** @throws MembranaError project.source-missing */
  stack(stack: StackId): StackView {
    return this.projectOf(stack).stack;
  }

  /**
   * Opens the project of a stack, made on first sight in the folder of new
   * projects. The same stack again is the project that is open already.
   * @throws MembranaError file.*, tiff.*, project.*, disk.full
   */
  openStack(path: string, mayClose: MayClose): Promise<OpenProject> {
    return this.inTurn(async () => {
      const fingerprint = await stackFingerprint(path);
      const open = this.current;
      if (
        open?.source.kind === 'present' &&
        isListed(open.project) &&
        sameFingerprint(open.project.stack.fingerprint, fingerprint) &&
        (await open.source.view.isStill(path))
      )
        return open;
      // The stack opens before anything is closed or made: a bad file changes nothing.
      const view = await StackView.open(path, new AbortController().signal);
      try {
        await this.closeCurrent(mayClose);
        const project = await this.projectFor(path, fingerprint, view);
        return await this.adopt(project, { kind: 'present', view });
      } catch (error) {
        await view.close();
        throw error;
      }
    });
  }

  /** @throws MembranaError project.*, file.* */
  openProject(folder: string, mayClose: MayClose): Promise<OpenProject> {
    return this.inTurn(async () => {
      const open = this.current;
      if (open?.project.folder === folder) {
        await this.showListed(open, mayClose);
        return open;
      }
      const project = await this.openOwn(folder, mayClose);
      try {
        const source = await findSource(project);
        await this.closeCurrent(mayClose);
        return await this.adopt(project, source);
      } catch (error) {
        await project.close();
        throw error;
      }
    });
  }

  /** Opens a project; one whose folder was moved while it is open here is closed first: we hold it ourselves. */
  private async openOwn(folder: string, mayClose: MayClose): Promise<Project> {
    const access = { readOnlyIfLocked: true };
    const project = await openProject(folder, access, this.storage());
    const isOpenHere = this.current?.project.id === project.id;
    if (!isOpenHere || project.access.kind === 'read-write') return project;
    await project.close();
    await this.closeCurrent(mayClose);
    return openProject(folder, access, this.storage());
  }

  /**
   * Takes the file at `path` as the stack of the open project from now on.
   * Null: it is another file than the project knew, and `acceptOther` does not allow one.
   *
   * @throws MembranaError stack.shape-mismatch for one of another size,
   *   project.read-only, file.*, tiff.*; then everything is as it was
   */
  relink(
    at: ProjectOpening,
    path: string,
    { acceptOther, mayClose }: { readonly acceptOther: boolean; readonly mayClose: MayClose },
  ): Promise<OpenProject | null> {
    return this.inTurn(async () => {
      const open = this.at(at);
      const { project } = open;
      project.assertWritable();
      mayClose();
      const fingerprint = await stackFingerprint(path);
      const view = await StackView.open(path, new AbortController().signal);
      try {
        project.mustFit(basename(path), view.source.info);
        if (!sameFingerprint(fingerprint, project.stack.fingerprint)) {
          if (!acceptOther) {
            await view.close();
            return null;
          }
          await project.relinkStack(path, fingerprint, view.source.info);
        } else await project.relinkStack(path, fingerprint);
      } catch (error) {
        await view.close();
        throw error;
      }
      await open.takeSource({ kind: 'present', view });
      this.options.log.info('stack found again', { project: project.name });
      return open;
    });
  }

  /**
   * Brings another stack or layer of the open project into the window, as a new opening.
   * @throws MembranaError labels.layer-removed for one that can't be shown, project.stale; what `mayClose` throws
   */
  choose(at: ProjectOpening, key: LayerKey, mayClose: MayClose): Promise<OpenProject> {
    return this.inTurn(async () => {
      const open = this.at(at);
      mayClose();
      await this.show(open, key);
      return open;
    });
  }

  /** Shows another layer where the one that is shown was removed: what is painted there would be refused. While a job works on it, it stays. */
  private async showListed(open: OpenProject, mayClose: MayClose): Promise<void> {
    if (isListed(open.project)) return;
    try {
      mayClose();
    } catch {
      return;
    }
    await this.show(open, open.project.layerToShow);
  }

  private async show(open: OpenProject, key: LayerKey): Promise<void> {
    const { project } = open;
    const before = project.stack.id;
    await project.show(key);
    if (project.stack.id !== before) await open.takeSource(await findSource(project));
    open.renew();
    for (const dispose of this.disposers.splice(0)) dispose();
    this.listen(project);
  }

  /** `at`: only if that is what is open. @throws MembranaError project.stale; what `mayClose` throws */
  close(at: ProjectOpening | null = null, mayClose: MayClose = () => undefined): Promise<void> {
    return this.inTurn(async () => {
      if (at !== null) this.at(at);
      await this.closeCurrent(mayClose);
    });
  }

  /** The models to choose from; without a project those that came with the app. */
  models(): Promise<ModelVersion[]> {
    return this.modelStore.versions();
  }

  /** Models of the open project, or the bundled ones. */
  get modelStore(): ModelStore {
    return this.current?.models ?? new ModelStore(this.options.bundledModels, null);
  }

  /** Tells the window which models there are now and which one is in use. */
  async announceModels(): Promise<void> {
    const models = await this.models();
    const current = modelInUse(this.current?.project.currentModel ?? null, models);
    this.options.publish('models.changed', { models, current });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private storage(): Pick<StorageOptions, 'onWarning' | 'rescue' | 'askPlace'> {
    const { publish, log, rescue, askPlace } = this.options;
    return {
      rescue,
      askPlace,
      onWarning: (error) => {
        log.warn('project warning', { code: error.code, message: error.message });
        publish('disk.warning', { error: toErrorReport(error) });
      },
    };
  }

  private async projectFor(
    path: string,
    fingerprint: StackFingerprint,
    view: StackView,
  ): Promise<Project> {
    const { projects, recent } = this.options;
    const known = await findProject(fingerprint, recent.folders, projects.path);
    const found = known === null ? null : await this.openKnown(known, path, fingerprint);
    if (found !== null) return found;
    const place = await newProjectFolder(path, await projects.ready());
    const stackInfo = view.source.info;
    return createProject({ ...place, stackPath: path, stackInfo, fingerprint }, this.storage());
  }

  /** Opens a project and shows one of its stacks; null where that is removed from it, as a journal may say that is ahead of project.json. */
  private async openKnown(
    folder: string,
    path: string,
    fingerprint: StackFingerprint,
  ): Promise<Project | null> {
    const project = await openProject(folder, { readOnlyIfLocked: true }, this.storage());
    try {
      if (!(await this.showStack(project, fingerprint))) {
        await project.close();
        return null;
      }
      // The user has just pointed at the file: that is where the stack is now.
      if (!project.stack.paths.includes(path) && project.access.kind === 'read-write')
        await project.relinkStack(path, fingerprint);
      return project;
    } catch (error) {
      await project.close();
      throw error;
    }
  }

  /** The user has pointed at one of its stacks: that is the one to show. False where it is not among them. */
  private async showStack(project: Project, fingerprint: StackFingerprint): Promise<boolean> {
    const known = project.knownStack((one) => sameFingerprint(one, fingerprint));
    const layer = known?.layers.find(isPaintable);
    if (!known || !layer || project.arrangement.every(({ id }) => id !== known.id)) return false;
    if (known.id !== project.stack.id) await project.show({ stack: known.id, layer: layer.id });
    return true;
  }

  private async adopt(project: Project, source: OpenSource): Promise<OpenProject> {
    const { recent, publish, log, bundledModels } = this.options;
    const open = new OpenProject(project, source, bundledModels);
    this.current = open;
    this.folders.set(project.id, project.folder);
    const { name, info } = project.stack;
    this.listen(project);
    // A version that can't be read is not in the list; it must not vanish without a word.
    for (const { error } of (await open.models.list()).damaged) publish('disk.warning', { error });
    log.info('project opened', {
      project: project.name,
      access: project.access.kind,
      source: source.kind,
      size: `${info.width} x ${info.height} x ${info.depth}`,
    });
    await recent.add({
      path: project.folder,
      name: project.name,
      detail: `${name} · ${info.width} × ${info.height} × ${info.depth}`,
      opened: new Date().toISOString(),
      done: workDone(project),
    });
    return open;
  }

  /** Tells the window, and the list of recent projects, what happens to what it shows. */
  private listen(project: Project): void {
    const { recent, publish } = this.options;
    const { id } = project.stack;
    this.disposers.push(
      project.labels.onCoverage((slices) => {
        publish('labels.coverage', { stack: id, slices: [...slices] });
      }),
      project.efforts.onChange((effort) => {
        publish('effort.changed', { project: project.id, effort });
      }),
      noteWork(project, recent),
    );
  }

  private async closeCurrent(mayClose: MayClose): Promise<void> {
    if (this.current !== null) mayClose();
    const open = this.current;
    this.current = null;
    for (const dispose of this.disposers.splice(0)) dispose();
    if (open !== null)
      await this.options.recent
        .note(open.project.folder, workDone(open.project))
        .catch(() => undefined);
    await open?.close();
  }
}

/** Whether the layer that is shown is still one of the project's. */
function isListed({ layerToShow, stack, layer }: Project): boolean {
  return sameLayer(layerToShow, { stack: stack.id, layer });
}
