import type { Command } from './command';
import { demo } from './commands/demo';
import { engines } from './commands/engines';
import { evaluate } from './commands/evaluate';
import { fit } from './commands/fit';
import { info } from './commands/info';
import { models } from './commands/models';
import { project } from './commands/project';
import { retrain } from './commands/retrain';
import { segment } from './commands/segment';
import { simulate } from './commands/simulate';
import { thresholds } from './commands/thresholds';
import { train } from './commands/train';
import { trust } from './commands/trust';

/** In the order of the help. */
export const commands: readonly Command[] = [
  info,
  engines,
  train,
  fit,
  segment,
  trust,
  evaluate,
  thresholds,
  models,
  project,
  retrain,
  simulate,
  demo,
];
