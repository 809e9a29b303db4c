import type { ProjectView } from '#contract/entities';
import { randomUUID } from 'node:crypto';
import { MembranaError } from '#contract/errors';
import { OpeningId, type ModelId } from '#contract/ids';
import { modelInUse } from '#main/models/model-in-use';
import { ModelStore } from '#main/models/model-store';
import type { MeasuredAccuracy } from '#main/report/report-facts';
import type { Project } from '#main/project/project';
import { conditioningView } from '../stack-conditioning';
import type { StackView } from '../stack-view';
import { TruthStack } from '../truth-stack';

/** Where the pixels of an open project come from. `changed` = a file of that name, but not the one the project knew. */
export type OpenSource =
  | { readonly kind: 'present'; readonly view: StackView }
  | { readonly kind: 'changed'; readonly view: StackView }
  | { readonly kind: 'missing' };

function newOpening(): OpeningId {
  return OpeningId.parse(`o-${randomUUID()}`);
}

/** A project together with its stack and its models, as long as it is open. */
export class OpenProject {
  readonly models: ModelStore;
  /** The label stack to compare with, while one is open. */
  truth: TruthStack | null = null;
  /** What was measured against it last. */
  measured: MeasuredAccuracy | null = null;
  private current = newOpening();

  constructor(
    readonly project: Project,
    private shown: OpenSource,
    bundledModels: string,
  ) {
    this.models = new ModelStore(bundledModels, project.modelsFolder);
  }

  /** What the window's commands have to name. */
  get opening(): OpeningId {
    return this.current;
  }

  /** The page that had this opening is gone: what it sent and comes late is refused from now on. */
  renew(): void {
    this.current = newOpening();
  }

  get source(): OpenSource {
    return this.shown;
  }

  /** Shows another file from now on; what was opened beside the one before closes with it. */
  async takeSource(source: OpenSource): Promise<void> {
    const before = this.shown;
    this.shown = source;
    await this.closeTruth();
    if (before.kind !== 'missing') await before.view.close();
  }

  /** @throws MembranaError project.source-missing */
  get stack(): StackView {
    if (this.source.kind !== 'missing') return this.source.view;
    const { name } = this.project.stack;
    throw new MembranaError('project.source-missing', `The stack ${name} is not where it was.`, {
      hint: `Open ${name} from where it is now: Membrana knows it again and goes on with this project.`,
      safe: 'Labels, models and predictions are in the project.',
      data: { file: name },
    });
  }

  /**
   * Opens a label stack beside the stack; the one that was open stays when that fails.
   * @throws MembranaError project.source-missing; as TruthStack.open
   */
  async openTruth(path: string, signal: AbortSignal): Promise<TruthStack> {
    const opened = await TruthStack.open(this.stack.path, path, signal);
    await this.closeTruth();
    this.truth = opened;
    return opened;
  }

  async closeTruth(): Promise<void> {
    const { truth } = this;
    this.truth = null;
    this.measured = null;
    await truth?.close();
  }

  async currentModel(): Promise<ModelId | null> {
    return modelInUse(this.project.currentModel, await this.models.versions());
  }

  /** As the window goes on from it: what came in time is on the disk by then, or has failed. */
  async view(): Promise<ProjectView> {
    const { project, source } = this;
    await project.settled();
    const models = await this.models.versions();
    const { id, name, info: known } = project.stack;
    // What is wrong with the source is said of it as it is now, not as it was when the project was made.
    const info =
      source.kind === 'missing' ? known : { ...known, warnings: source.view.source.info.warnings };
    return {
      id: project.id,
      opening: this.opening,
      name: project.name,
      access: project.access,
      stack: { id, name, info, source: source.kind },
      layer: project.layer,
      arrangement: project.arrangement,
      removed: project.removed,
      classes: project.classes,
      view: project.view,
      model: modelInUse(project.currentModel, models),
      models,
      predictions: project.predictions.list(),
      conditioning: await conditioningView(project),
      coverage: project.labels.coverage(),
      effort: project.efforts.effort,
      lastSequence: project.labels.lastSequence,
      recovery: project.recovery,
    };
  }

  async close(): Promise<void> {
    await this.closeTruth();
    if (this.source.kind !== 'missing') await this.source.view.close();
    await this.project.close();
  }
}
