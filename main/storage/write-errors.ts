import { basename } from 'node:path';
import { MembranaError } from '#contract/errors';
import { systemCode } from './file-system';

export function isDiskFull(error: unknown): boolean {
  if (error instanceof MembranaError) return error.code === 'disk.full';
  const code = systemCode(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}

export function diskFull(name: string, cause?: unknown): MembranaError {
  return new MembranaError('disk.full', `The disk is full: ${name} could not be written.`, {
    hint: 'Free some space on the disk that holds the project (200 MB is plenty), then go on.',
    safe: 'Everything that was reported saved is on the disk.',
    data: { file: name },
    cause,
  });
}

/** A failed write as `disk.full` or `file.write-failed`, naming the file but not its folder. */
export function writeFailure(path: string, cause: unknown): MembranaError {
  if (cause instanceof MembranaError) return cause;
  const name = basename(path);
  if (isDiskFull(cause)) return diskFull(name, cause);
  const reason = systemCode(cause) || (cause instanceof Error ? cause.message : String(cause));
  return new MembranaError('file.write-failed', `${name} could not be written (${reason}).`, {
    hint: 'Check that the disk is connected and writable, then try again.',
    safe: 'Everything that was reported saved is on the disk.',
    data: { file: name, reason },
    cause,
  });
}
