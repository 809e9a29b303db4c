import type { CommandInput } from '#contract/commands';

export type OpenKind = CommandInput<'dialog.open'>['kind'] | 'projects-folder' | 'strokes-folder';
export type SaveKind = CommandInput<'dialog.save'>['kind'] | 'diagnostics';

/** Asks the user for a file; null = cancelled. The system's dialogs in the app. */
export interface Dialogs {
  open(kind: OpenKind): Promise<string | null>;
  save(kind: SaveKind, suggestedName: string): Promise<string | null>;
}
