import type { CommandId } from '../command';

/** What a preset changes of our keymap: command → its keys as text. Keys that it takes are free elsewhere. */
export type Preset = Readonly<Partial<Record<CommandId, readonly string[]>>>;
