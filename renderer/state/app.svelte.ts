import type {
  AppInfo,
  EngineOverview,
  ExportedImage,
  Grant,
  RecentItem,
  Settings,
} from '#contract/entities';
import type { EventPayload } from '#contract/events';
import type { Place } from '../canvas/draw/place-picture';

export type DialogName =
  | 'train'
  | 'export'
  | 'import'
  | 'segment'
  | 'engines'
  | 'versions'
  | 'timeline'
  | 'place'
  | 'part'
  | 'shortcuts'
  | 'about'
  | 'palette'
  | 'settings'
  | 'keys';

const startSettings: Settings = {
  theme: 'system',
  engine: 'auto',
  device: 'auto',
  provider: 'auto',
  segmentation: 'standard',
  wheel: 'slices',
  penPressure: true,
  eraseTo: 'interior',
  redoOld: true,
  keys: { preset: 'membrana', changes: {} },
  tour: { state: 'not-taken' },
};

/** A choice among the stacks that a file or a folder holds. */
export interface PartChoice {
  /** Of the file or the folder. */
  readonly name: string;
  readonly parts: readonly string[];
  /** Null = none of them. Only the first answer counts. */
  readonly answer: (part: string | null) => void;
}

/** The application itself: settings, recent files, engines, and which dialog is open. */
export class AppState {
  info = $state.raw<AppInfo | null>(null);
  settings = $state.raw<Settings>(startSettings);
  recent = $state.raw<readonly RecentItem[]>([]);
  dialog = $state<DialogName | null>(null);
  /** What the dialog that looks when a place changed is about. */
  place = $state.raw<Place | null>(null);
  /** What the dialog that asks for one of several stacks is about. */
  partChoice = $state.raw<PartChoice | null>(null);
  /** What the export dialog begins with. */
  exporting = $state<ExportedImage>('mask');
  /** Commands run from the palette, the last one first. */
  usedCommands = $state.raw<readonly string[]>([]);
  compute = $state.raw<EventPayload<'compute.state'>>({ state: 'idle', engine: '', note: '' });
  engines = $state.raw<EngineOverview | null>(null);
  /** The theme on the screen, once the style sheet has it; canvases take their greys from there. */
  shownTheme = $state<'light' | 'dark'>('dark');
  /** The part of the panel that a command asks for; it takes the focus. */
  sought = $state<'contrast' | 'models' | 'changes' | null>(null);
  /** A label stack that was dropped to train from; the dialog takes it. */
  trainLabels = $state.raw<Grant | null>(null);

  readonly mac = $derived(this.info?.platform === 'darwin');

  /** Asks which of several stacks is meant; null = none. */
  choosePart(name: string, parts: readonly string[]): Promise<string | null> {
    // Whoever asked before has no answer any more.
    this.partChoice?.answer(null);
    return new Promise((answer) => {
      this.partChoice = { name, parts, answer };
      this.dialog = 'part';
    });
  }

  start(info: AppInfo): void {
    this.info = info;
    this.settings = info.settings;
    this.recent = info.recent;
  }
}
