import { parseArgs } from 'node:util';
import { SetupError } from './console.mjs';

/**
 * What `npm run setup` was asked for.
 * @param {string[]} args the words after the script
 * @param {NodeJS.ProcessEnv} env npm keeps a flag that is written before `--` for
 *   itself and passes it on here; what the person meant is the same.
 * @returns {{ quiet: boolean, tensorflow: import('./tensorflow-plan.mjs').Wish }}
 */
export function setupOptions(args, env) {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        quiet: { type: 'boolean', default: false },
        tensorflow: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new SetupError(
      error.message.split('. ')[0],
      'npm run setup, or npm run setup -- --tensorflow [--quiet]',
    );
  }
  const asked = values.tensorflow || env.npm_config_tensorflow === 'true';
  return { quiet: values.quiet, tensorflow: asked ? 'add' : 'keep' };
}
