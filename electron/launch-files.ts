import { isAbsolute, resolve } from 'node:path';

export interface Launch {
  readonly argv: readonly string[];
  /** Folder that relative names start from. */
  readonly cwd: string;
  /** The app's own folder: under a development runtime it is an argument too. */
  readonly appPath: string;
  readonly packaged: boolean;
}

/** Flags of the runtime whose value is an argument of its own. */
const valueFlags = new Set(['-r', '--require', '--import']);

/**
 * The files that the app was started with. Flags (ours, Chromium's, the
 * debugger's), the executable and the app's own folder are passed over; what
 * follows `--` is a file whatever it looks like.
 */
export function launchFiles({ argv, cwd, appPath, packaged }: Launch): string[] {
  const files: string[] = [];
  let seenApp = packaged;
  let onlyFiles = false;
  let skipNext = false;
  for (const argument of argv.slice(1)) {
    if (skipNext) skipNext = false;
    else if (!onlyFiles && argument === '--') onlyFiles = true;
    else if (!onlyFiles && argument.startsWith('-')) skipNext = valueFlags.has(argument);
    else if (argument !== '') {
      const path = isAbsolute(argument) ? argument : resolve(cwd, argument);
      // The runtime takes the first plain argument as the app; never a later one.
      if (!seenApp && path === resolve(appPath)) seenApp = true;
      else files.push(path);
    }
  }
  return files;
}
