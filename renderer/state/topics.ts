import { createContext } from 'svelte';
import type { Client } from '../api/client';
import { AppState } from './app.svelte';
import { BrushState } from './brush.svelte';
import { ComparisonState } from './comparison.svelte';
import { JobsState } from './jobs.svelte';
import { LayersState } from './layers.svelte';
import { LoopState } from './loop.svelte';
import { ModelsState } from './models.svelte';
import { NoticesState } from './notices.svelte';
import { PaintingState } from './painting.svelte';
import { ProjectState } from './project.svelte';
import { ThresholdState } from './threshold.svelte';
import { TourState } from './tour.svelte';
import { TrainingState } from './training.svelte';
import { ViewState } from './view.svelte';

/** Everything the window knows, one class a topic, and the door to main. */
export interface Topics {
  readonly client: Client;
  readonly app: AppState;
  readonly tour: TourState;
  readonly project: ProjectState;
  readonly view: ViewState;
  readonly layers: LayersState;
  readonly brush: BrushState;
  readonly painting: PaintingState;
  readonly jobs: JobsState;
  readonly training: TrainingState;
  readonly models: ModelsState;
  readonly threshold: ThresholdState;
  readonly comparison: ComparisonState;
  readonly notices: NoticesState;
  readonly loop: LoopState;
}

export function createTopics(client: Client): Topics {
  const project = new ProjectState();
  const view = new ViewState();
  const models = new ModelsState();
  return {
    client,
    project,
    view,
    models,
    app: new AppState(),
    tour: new TourState(),
    layers: new LayersState(),
    brush: new BrushState(),
    painting: new PaintingState(),
    jobs: new JobsState(),
    training: new TrainingState(),
    threshold: new ThresholdState(() => models.current),
    comparison: new ComparisonState(),
    notices: new NoticesState(),
    loop: new LoopState(project, view, models),
  };
}

/** Components reach the topics through the context of the root component. */
export const [useTopics, provideTopics] = createContext<Topics>();
