import type { Command } from './command';
import { evaluate } from './commands/evaluate';
import { info } from './commands/info';
import { models } from './commands/models';

export const commands: readonly Command[] = [info, models, evaluate];
