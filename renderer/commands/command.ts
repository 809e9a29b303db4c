import { isAbort, toErrorReport } from '#contract/errors';
import type { Topics } from '../state/topics';
import { commandTitles } from '../strings/command-titles';

export type CommandId = keyof typeof commandTitles;

/** Something the user can do, from a menu, a key or a button. */
export interface Command {
  /** Why it can't be done now, for the tooltip; null = it can. */
  blocked(): string | null;
  run(): void | Promise<void>;
  /** For commands that last as long as their key is held. */
  release?(): void;
  /** It turns slices; every other command is meant for the slice that the turns so far lead to. */
  readonly turns?: true;
}

export const always = (): null => null;

/** Runs what may fail; a failure becomes an error card, a cancellation nothing. */
export async function attempt(topics: Topics, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isAbort(error)) topics.notices.error(toErrorReport(error));
  }
}
