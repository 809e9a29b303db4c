import { SetupError } from './console.mjs';

/** Refuses a Node that the packages don't run on. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  const next = 'install Node 20.19 or later from https://nodejs.org or your package manager.';
  process.stderr.write(`✗ Node ${process.versions.node} is too old.\n    Next: ${next}\n`);
  throw new SetupError(`Node ${process.versions.node} is too old.`, next);
}
