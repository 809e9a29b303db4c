import { createContext } from 'svelte';
import type { Topics } from '../state/topics';
import { appCommands } from './app-commands';
import { benchCommands } from './bench-commands';
import { classCommands } from './class-commands';
import type { Command, CommandId } from './command';
import { fileCommands } from './file-commands';
import { modelCommands } from './model-commands';
import { paintCommands } from './paint-commands';
import { toolCommands } from './tool-commands';
import { tourCommands } from './tour-commands';
import { viewCommands } from './view-commands';

export type CommandTable = Readonly<Record<CommandId, Command>>;

/** All commands of the window, by id; one that is missing does not compile. */
export function createCommands(topics: Topics): CommandTable {
  return {
    ...fileCommands(topics),
    ...modelCommands(topics),
    ...viewCommands(topics),
    ...paintCommands(topics),
    ...toolCommands(topics),
    ...classCommands(topics),
    ...benchCommands(topics),
    ...appCommands(topics),
    ...tourCommands(topics),
  };
}

/** Runs a command if it can be run now; says whether it did. */
export function runCommand(commands: CommandTable, id: CommandId): boolean {
  const command = commands[id];
  if (command.blocked() !== null) return false;
  void command.run();
  return true;
}

export const [useCommands, provideCommands] = createContext<CommandTable>();
