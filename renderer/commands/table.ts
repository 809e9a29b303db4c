import { createContext, flushSync } from 'svelte';
import type { Topics } from '../state/topics';
import { accuracyCommands } from './accuracy-commands';
import { appCommands } from './app-commands';
import { auditCommands } from './audit-commands';
import { benchCommands } from './bench-commands';
import { changesCommands } from './changes-commands';
import { classCommands } from './class-commands';
import type { Command, CommandId } from './command';
import { fileCommands } from './file-commands';
import { modelCommands } from './model-commands';
import { paintCommands } from './paint-commands';
import { planeCommands } from './plane-commands';
import { queueCommands } from './queue-commands';
import { toolCommands } from './tool-commands';
import { tourCommands } from './tour-commands';
import { viewCommands } from './view-commands';

export type CommandTable = Readonly<Record<CommandId, Command>>;

/** All commands of the window, by id; one that is missing does not compile. */
export function createCommands(topics: Topics): CommandTable {
  const table: CommandTable = {
    ...fileCommands(topics),
    ...modelCommands(topics),
    ...viewCommands(topics),
    ...planeCommands(topics),
    ...paintCommands(topics),
    ...toolCommands(topics),
    ...classCommands(topics),
    ...queueCommands(topics),
    ...changesCommands(topics),
    ...auditCommands(topics),
    ...benchCommands(topics),
    ...accuracyCommands(topics),
    ...appCommands(topics),
    ...tourCommands(topics),
  };
  for (const command of Object.values(table)) if (!command.turns) arriveFirst(command, topics);
  return table;
}

function arriveFirst(command: Command, { view }: Topics): void {
  const run = command.run.bind(command);
  command.run = () => {
    // The picture follows the slice by an effect, and the command may look at it.
    if (view.arrive()) flushSync();
    return run();
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
