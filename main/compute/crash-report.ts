import { MembranaError } from '#contract/errors';
import type { ProcessExit } from './transport';

const signalHints: Readonly<Record<string, string>> = {
  SIGKILL: 'The system may have run out of memory: close other programs',
  SIGSEGV: 'The engine failed inside its native code',
  SIGABRT: 'The engine stopped itself',
  SIGILL: 'The engine uses instructions that this processor does not have',
};

/** An exit as the error of the job that was running. `during` names the job's request. */
export function crashError(exit: ProcessExit, during: string): MembranaError {
  const how =
    exit.signal !== null
      ? `by ${exit.signal}`
      : exit.code !== null
        ? `with exit code ${exit.code}`
        : 'without saying why';
  // Electron's allocator ends a utility process with code 5 when one allocation reaches 2 GiB.
  const memory = exit.signal === null && exit.code === 5;
  const reason = memory
    ? 'It asked for too much memory at once: use a network with fewer base filters'
    : signalHints[exit.signal ?? ''];
  return new MembranaError('compute.crashed', `The compute process was ended ${how}.`, {
    hint: `${reason === undefined ? '' : `${reason}, then `}${reason === undefined ? 'Start' : 'start'} the job again; it runs in a fresh process.`,
    safe: 'Labels, models and finished slices are kept.',
    data: { during, exitCode: exit.code, signal: exit.signal },
  });
}

/** A call whose process was ended because another call in it was cancelled and did not answer in time. */
export function interruptedError(during: string): MembranaError {
  return new MembranaError(
    'compute.interrupted',
    'The compute process was ended with a job that was cancelled.',
    { hint: 'Start this one again; it runs in a fresh process.', data: { during } },
  );
}

export function isInterrupted(error: unknown): error is MembranaError {
  return error instanceof MembranaError && error.code === 'compute.interrupted';
}

/** Whether a call failed because its process ended under it: the same call can go on in a fresh one. */
export function endedUnder(error: unknown): error is MembranaError {
  return (
    error instanceof MembranaError &&
    ['compute.crashed', 'compute.timeout', 'compute.interrupted'].includes(error.code) &&
    typeof error.data['during'] === 'string'
  );
}

export function refusedError(waitMs: number): MembranaError {
  const minutes = Math.max(1, Math.ceil(waitMs / 60_000));
  return new MembranaError(
    'compute.crashed',
    'The compute process crashed three times within five minutes and is left alone for now.',
    {
      hint: `Try again in ${minutes} min, or restart Membrana with another engine or device in the settings.`,
      safe: 'Labels, models and finished slices are kept.',
      data: { waitMs },
    },
  );
}

export function silentError(during: string, silentMs: number): MembranaError {
  return new MembranaError(
    'compute.timeout',
    `The compute process gave no sign of life for ${Math.round(silentMs / 1000)} s and was ended.`,
    {
      hint: 'Start the job again; with a large network choose fewer base filters or another device.',
      safe: 'Labels, models and finished slices are kept.',
      data: { during },
    },
  );
}
