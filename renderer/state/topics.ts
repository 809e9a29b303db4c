import { createContext } from 'svelte';
import type { Client } from '../api/client';
import { AccuracyState } from './looking/accuracy.svelte';
import { AppState } from './app.svelte';
import { AuditState } from './looking/audit.svelte';
import { BrushState } from './brush.svelte';
import { ChangesState } from './rounds/changes.svelte';
import { ClassesState } from './classes.svelte';
import { ClassMasksState } from './class-masks.svelte';
import { ComparisonState } from './rounds/comparison.svelte';
import { DragState } from './view/drag.svelte';
import { EffortState } from './looking/effort.svelte';
import { JobsState } from './jobs.svelte';
import { LayersState } from './view/layers.svelte';
import { LoopState } from './rounds/loop.svelte';
import { MaskState } from './view/mask.svelte';
import { ModelsState } from './rounds/models.svelte';
import { NoticesState } from './notices.svelte';
import { Opening } from './opening';
import { PaintingState } from './painting.svelte';
import { applyChange } from './project-change';
import { PlanesState } from './view/planes.svelte';
import { ProjectState } from './project.svelte';
import { QueueState } from './looking/queue.svelte';
import { SavedView } from './view/saved-view';
import { SegmentSteps } from './segment-steps';
import { TourState } from './tour.svelte';
import { TrainingState } from './rounds/training.svelte';
import { TruthState } from './looking/truth.svelte';
import { ViewState } from './view/view.svelte';

/** Everything the window knows, one class a topic, and the door to main. */
export interface Topics {
  readonly client: Client;
  readonly opening: Opening;
  readonly app: AppState;
  readonly drag: DragState;
  readonly tour: TourState;
  readonly project: ProjectState;
  readonly view: ViewState;
  readonly planes: PlanesState;
  readonly savedView: SavedView;
  readonly layers: LayersState;
  readonly classes: ClassesState;
  readonly truth: TruthState;
  readonly brush: BrushState;
  readonly painting: PaintingState;
  readonly segmentSteps: SegmentSteps;
  readonly jobs: JobsState;
  readonly training: TrainingState;
  readonly models: ModelsState;
  readonly mask: MaskState;
  readonly classMasks: ClassMasksState;
  readonly comparison: ComparisonState;
  readonly notices: NoticesState;
  readonly loop: LoopState;
  readonly queue: QueueState;
  readonly changes: ChangesState;
  readonly audit: AuditState;
  readonly accuracy: AccuracyState;
  readonly effort: EffortState;
}

export function createTopics(client: Client): Topics {
  const opening = new Opening();
  const project = new ProjectState();
  const view = new ViewState();
  const models = new ModelsState();
  const comparison = new ComparisonState();
  const brush = new BrushState();
  const accuracy = new AccuracyState();
  project.onPredicted((model, slices) => {
    accuracy.predicted(model, slices);
  });
  const painting = new PaintingState(opening, (change) => {
    applyChange({ project, models, comparison, brush }, change);
  });
  return {
    client,
    opening,
    project,
    view,
    planes: new PlanesState(view),
    savedView: new SavedView(async (seen) =>
      client['project.saveView']({ at: opening.here(), view: seen }),
    ),
    models,
    app: new AppState(),
    drag: new DragState(),
    tour: new TourState(),
    layers: new LayersState(),
    classes: new ClassesState(() => project.classes),
    truth: new TruthState(),
    brush,
    painting,
    segmentSteps: new SegmentSteps(painting),
    jobs: new JobsState(),
    training: new TrainingState(),
    mask: new MaskState(models, (id) => project.trustIn(id)),
    classMasks: new ClassMasksState(models, () => project.classes),
    comparison,
    notices: new NoticesState(),
    loop: new LoopState(project, view, models),
    queue: new QueueState(),
    changes: new ChangesState(),
    audit: new AuditState(),
    accuracy,
    effort: new EffortState(),
  };
}

/** Components reach the topics through the context of the root component. */
export const [useTopics, provideTopics] = createContext<Topics>();
