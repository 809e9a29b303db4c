import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '..', '..', '..');
const Record = z.object({ available: z.boolean() });

/** Why the engine's tests are left out; null when TensorFlow is set up. */
export function withoutTensorflow(): string | null {
  const file = join(root, '.runtime', 'tensorflow.json');
  const known = existsSync(file) && Record.parse(JSON.parse(readFileSync(file, 'utf8'))).available;
  return known ? null : 'the TensorFlow engine is not set up here (npm run setup -- --tensorflow)';
}
