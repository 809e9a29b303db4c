import { z } from 'zod';
import { GrantId } from '../ids';
import { EngineName, EngineProvider, SegmentQuality } from './engine';
import { KeySettings, TourProgress } from './key-settings';
import { ModelVersion } from './model';
import { count } from './numbers';

export const Grant = z.object({
  id: GrantId,
  name: z.string(),
  kind: z.enum(['stack', 'labels', 'project', 'model', 'save']),
});
export type Grant = z.infer<typeof Grant>;

/** How far the work on a project is, in slices. */
export const WorkDone = z.object({
  slices: count,
  /** With a prediction of any model. */
  segmented: count,
  /** With anything painted or confirmed. */
  corrected: count,
});
export type WorkDone = z.infer<typeof WorkDone>;

export const RecentItem = z.object({
  grant: GrantId,
  name: z.string(),
  kind: z.enum(['project', 'stack']),
  detail: z.string(),
  /** When, as ISO 8601. */
  opened: z.string(),
  /** As it was last known; null = by a version that did not note it. */
  done: WorkDone.nullable(),
});
export type RecentItem = z.infer<typeof RecentItem>;

export const Settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  engine: z.enum(['auto', ...EngineName.options]),
  device: z.enum(['auto', 'cpu', 'gpu']),
  /** Narrows `device: 'gpu'` down where an engine has several ways to it. */
  provider: z.enum(['auto', ...EngineProvider.options]),
  segmentation: SegmentQuality,
  wheel: z.enum(['slices', 'zoom']),
  /** How hard a pen presses sizes the brush. */
  penPressure: z.boolean(),
  /** What erasing membrane leads to: painted interior, or no label of one's own. */
  eraseTo: z.enum(['interior', 'prediction']),
  keys: KeySettings,
  tour: TourProgress,
});
export type Settings = z.infer<typeof Settings>;

export const AppInfo = z.object({
  version: z.string(),
  /** The Electron that it runs on, and the one that it is made for; null outside Electron. */
  runtime: z.object({ electron: z.string(), intended: z.string() }).nullable(),
  platform: z.enum(['linux', 'darwin', 'win32']),
  settings: Settings,
  recent: z.array(RecentItem),
  sample: GrantId.nullable(),
  /** Files named on the command line, waiting to be opened. */
  opening: z.array(Grant),
  bundledModels: z.array(ModelVersion),
});
export type AppInfo = z.infer<typeof AppInfo>;
