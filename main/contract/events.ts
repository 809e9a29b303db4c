import { z } from 'zod';
import {
  Arrangement,
  RemovedItem,
  ChordText,
  ConditioningView,
  Coverage,
  Effort,
  EngineOverview,
  ErrorReport,
  Grant,
  Job,
  LabelClass,
  ModelVersion,
  RecentItem,
  TrainingUpdate,
} from './entities';
import { JobId, ModelId, ProjectId, StackId } from './ids';

/** Ids of menu entries that the window carries out; the same ids name palette commands. */
export const menuCommands = [
  'file.open',
  'file.openFolder',
  'file.openProject',
  'file.openSample',
  'file.save',
  'file.close',
  'file.exportMask',
  'file.exportClasses',
  'file.exportReview',
  'file.exportProbability',
  'file.report',
  'edit.undo',
  'edit.redo',
  'view.fit',
  'view.actualSize',
  'view.zoomIn',
  'view.zoomOut',
  'view.nextPlane',
  'view.fourPanes',
  'view.planeXY',
  'view.planeXZ',
  'view.planeYZ',
  'view.autoContrast',
  'view.hideOverlays',
  'view.toggleMask',
  'view.togglePrediction',
  'view.toggleReview',
  'view.toggleUncertainty',
  'view.contour',
  'view.minimap',
  'truth.open',
  'label.new',
  'view.themeSystem',
  'view.themeLight',
  'view.themeDark',
  'tool.brush',
  'tool.eraser',
  'tool.fill',
  'tool.lasso',
  'tool.polygon',
  'tool.wand',
  'tool.follower',
  'tool.gap',
  'tool.pick',
  'adjust.grow',
  'adjust.shrink',
  'adjust.smooth',
  'adjust.removeSpecks',
  'adjust.fillHoles',
  'slice.interpolate',
  'slice.copyToNext',
  'slice.copyToPrevious',
  'review.confirmBrush',
  'review.unreviewRegion',
  'review.unreviewBrush',
  'slice.next',
  'slice.previous',
  'slice.first',
  'slice.last',
  'model.segmentSlice',
  'model.segmentStack',
  'model.segmentSome',
  'model.retrain',
  'model.fit',
  'model.train',
  'model.timeline',
  'model.swipe',
  'model.whichChanged',
  'changes.open',
  'model.engines',
  'review.confirmSlice',
  'review.confirmRegion',
  'app.palette',
  'app.settings',
  'app.keys',
  'help.tour',
  'help.shortcuts',
  'help.about',
  'help.diagnostics',
] as const;
export type MenuCommand = (typeof menuCommands)[number];

/** The key that the menu shows beside each of its entries. */
export const MenuKeys = z.partialRecord(z.enum(menuCommands), ChordText);
export type MenuKeys = z.infer<typeof MenuKeys>;

/** Every event: name → payload. Events announce, commands ask. */
export const events = {
  'menu.command': z.object({ command: z.enum(menuCommands) }),
  'files.offered': z.object({ grants: z.array(Grant), via: z.enum(['drop', 'system']) }),
  'files.refused': z.object({ error: ErrorReport }),
  'job.changed': Job,
  'training.update': z.object({ job: JobId, update: TrainingUpdate }),
  'predictions.changed': z.object({
    stack: StackId,
    model: ModelId,
    slices: z.array(z.int().nonnegative()),
    // Made in the background: no step of the history.
    background: z.literal(true).optional(),
  }),
  // What the steps up to `sequence` have made of the project; predictions are those in view.
  'project.changed': z.object({
    project: ProjectId,
    sequence: z.int().nonnegative(),
    classes: z.array(LabelClass),
    arrangement: Arrangement,
    removed: z.array(RemovedItem),
    predictions: z.array(z.object({ model: ModelId, z: z.int().nonnegative() })),
  }),
  // Another conditioning counts from now on, predictions are made under it, or the trust in them was measured.
  'conditioning.changed': z.object({ stack: StackId, view: ConditioningView }),
  'labels.coverage': z.object({ stack: StackId, slices: z.array(Coverage) }),
  // What was put into the project by hand, a moment after it was.
  'effort.changed': z.object({ project: ProjectId, effort: Effort }),
  // The file of the open stack is not the one that was opened any more; tiles that were read before stay.
  'stack.changed': z.object({ stack: StackId, error: ErrorReport }),
  'models.changed': z.object({ models: z.array(ModelVersion), current: ModelId.nullable() }),
  'disk.warning': z.object({ error: ErrorReport }),
  'compute.state': z.object({
    state: z.enum(['idle', 'busy', 'restarting', 'unavailable']),
    engine: z.string(),
    note: z.string(),
  }),
  'engines.changed': EngineOverview,
  // A disk that was given up has answered: its projects are there again.
  'recent.changed': z.array(RecentItem),
} as const;

export type EventMap = typeof events;
export type EventName = keyof EventMap;
export type EventPayload<N extends EventName> = z.output<EventMap[N]>;
