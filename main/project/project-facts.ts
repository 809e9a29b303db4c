import { join, resolve } from 'node:path';
import type {
  ArrangedStack,
  Arrangement,
  LabelClass,
  LayerKey,
  ModelNote,
  RemovedItem,
  StackConditioning,
  StackTrust,
  ViewState,
} from '#contract/entities';
import type { LayerId, ModelId, ProjectId, StackId } from '#contract/ids';
import type { StackExtent } from '#contract/planes';
import {
  arrangedStack,
  arrangementOf,
  knownLayers,
  removedItems,
  shownLayer,
  type KnownLayer,
} from './arrangement';
import type { ProjectDocument } from './project-document';
import type { SourceFingerprint, StackEntry } from './project-file';
import { entryOf, type ProjectStack } from './project-stack';

/** What project.json says of a project, of the stack and the layer in the window above all. */
export abstract class ProjectFacts {
  protected constructor(
    readonly folder: string,
    private readonly document: ProjectDocument,
  ) {}

  /** The layer in the window. */
  protected abstract get shownKey(): LayerKey;

  /** A stack that this project knows, listed or removed, by what identifies its file; null for any other. */
  knownStack(is: (fingerprint: SourceFingerprint) => boolean): ArrangedStack | null {
    const found = this.document.content.stacks.find(({ source }) => is(source.fingerprint));
    return found ? arrangedStack(found) : null;
  }

  /** Stacks and layers that are not removed, in their order. */
  get arrangement(): Arrangement {
    return arrangementOf(this.document.content);
  }

  /** What the window is to show: the layer chosen last, or one that is listed where that was removed since. */
  get layerToShow(): LayerKey {
    return shownLayer(this.document.content);
  }

  /** What was removed and is kept. */
  get removed(): RemovedItem[] {
    return removedItems(this.document.content);
  }

  /** All stacks' layers, removed ones among them: their labels are kept. */
  get everyLayer(): KnownLayer[] {
    return this.document.content.stacks.flatMap(knownLayers);
  }

  get id(): ProjectId {
    return this.document.content.id;
  }

  get name(): string {
    return this.document.content.name;
  }

  /** The stack, with the voxel size that counts: the user's where there is one. */
  get stack(): ProjectStack {
    const { id, name, source, info, voxelSize } = this.entry;
    return {
      id,
      name,
      paths: this.pathsOf(source),
      info: voxelSize ? { ...info, voxelSize } : info,
      fingerprint: source.fingerprint,
    };
  }

  /** Where every stack of the project may lie, removed ones among them. */
  get stackPaths(): string[] {
    return this.document.content.stacks.flatMap(({ source }) => this.pathsOf(source));
  }

  private pathsOf({ relative, absolute }: StackEntry['source']): string[] {
    const nearby = relative === null ? [] : [resolve(this.folder, relative)];
    return [...new Set([...nearby, absolute])];
  }

  /** The size of a stack of the project, shown or not. @throws Error for a stack that the project has never had */
  extentOf(stack: StackId): StackExtent {
    const { width, height, depth } = entryOf(this.document.content, stack).info;
    return { width, height, depth };
  }

  get layer(): LayerId {
    return this.shownKey.layer;
  }

  protected get entry(): StackEntry {
    return entryOf(this.document.content, this.shownKey.stack);
  }

  /** What is done to slices before a network sees them; null = nobody has chosen, so nothing. */
  get conditioning(): StackConditioning | null {
    return this.entry.conditioning;
  }

  /** How far the model that it names can be trusted on the stack; null = not measured. */
  get trust(): StackTrust | null {
    return this.entry.trust;
  }

  get classes(): LabelClass[] {
    return this.document.content.classes;
  }

  get view(): ViewState {
    return this.document.content.view;
  }

  get currentModel(): ModelId | null {
    return this.document.content.model;
  }

  get modelNotes(): readonly ModelNote[] {
    return this.document.content.modelNotes;
  }

  /** Where model versions live, a folder each. */
  get modelsFolder(): string {
    return join(this.folder, 'models');
  }

  get cacheFolder(): string {
    return join(this.folder, 'cache');
  }
}
