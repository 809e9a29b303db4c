import type { Command } from './command';
import { demo } from './commands/demo';
import { engines } from './commands/engines';
import { evaluate } from './commands/evaluate';
import { info } from './commands/info';
import { models } from './commands/models';
import { project } from './commands/project';
import { retrain } from './commands/retrain';
import { segment } from './commands/segment';
import { simulate } from './commands/simulate';
import { thresholds } from './commands/thresholds';
import { train } from './commands/train';

/** In the order of the help. */
export const commands: readonly Command[] = [
  info,
  engines,
  train,
  segment,
  evaluate,
  thresholds,
  models,
  project,
  retrain,
  simulate,
  demo,
];
