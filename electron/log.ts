import { open } from 'node:fs/promises';
import { join } from 'node:path';
import logger from 'electron-log/node';
import { logLine, type Log } from '#main/diagnostics/log';

/** Two files of this size at most: the current one and the one before. */
const LARGEST_FILE = 2 * 2 ** 20;
/** What diagnostics take along. */
const TAIL_BYTES = 64 * 2 ** 10;

export interface LogFile {
  readonly log: Log;
  /** The last lines written. */
  readonly tail: () => Promise<string>;
}

/** The rotating log in `<user data>/logs`: what happened, without pixels and without folders. */
export function openLog(userData: string, echo: boolean): LogFile {
  const path = join(userData, 'logs', 'membrana.log');
  const { file, console: terminal } = logger.transports;
  file.resolvePathFn = () => path;
  file.maxSize = LARGEST_FILE;
  file.format = '{y}-{m}-{d} {h}:{i}:{s}.{ms} {level} {text}';
  file.level = 'info';
  terminal.level = echo ? 'warn' : false;
  return {
    log: {
      info: (what, facts) => {
        logger.info(logLine(what, facts));
      },
      warn: (what, facts) => {
        logger.warn(logLine(what, facts));
      },
      error: (what, facts) => {
        logger.error(logLine(what, facts));
      },
    },
    async tail() {
      const handle = await open(path, 'r').catch(() => null);
      if (handle === null) return '';
      try {
        const { size } = await handle.stat();
        const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
        await handle.read(bytes, 0, bytes.length, size - bytes.length);
        return bytes.toString('utf8');
      } finally {
        await handle.close();
      }
    },
  };
}
