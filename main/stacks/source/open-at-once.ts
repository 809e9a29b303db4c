import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

// Windows has neither the pipes nor the word.
const flags = constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK);

/** Opens a path for reading whatever lies there: a pipe that nobody writes to keeps nobody waiting. Ask it what it is before reading. */
export function openAtOnce(path: string): Promise<FileHandle> {
  return open(path, flags);
}
