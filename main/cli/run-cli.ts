import { isAbort, toErrorReport } from '#contract/errors';
import { namesSlices, writeSlices, writeSlicesWithin } from '#contract/slice-marks';
import { parseArguments, usageError } from './arguments';
import type { Command } from './command';
import { openContext, type Places } from './context';
import { commandHelp, overview } from './help';
import { Progress } from './progress';

export type ExitCode = 0 | 1 | 2 | 130;

interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

async function print(stream: NodeJS.WriteStream, text: string): Promise<void> {
  await new Promise<void>((resolve) =>
    stream.write(`${text}\n`, () => {
      resolve();
    }),
  );
}

/** The next step, and from where slices count where the error names some: the window counts from 1. */
function asTyped(message: string, hint: string): string {
  const named = namesSlices(message) || namesSlices(hint);
  return `${writeSlices(hint, 0)}${named ? ' (The command line counts slices from 0.)' : ''}`;
}

/**
 * Runs one command line and returns its exit code. `folder` is where it was
 * typed. The signal cancels: whatever runs is stopped in order and 130 returned.
 */
export async function runCli(
  commands: readonly Command[],
  words: readonly string[],
  options: { places: Places; folder: string; signal: AbortSignal; streams: Streams },
): Promise<ExitCode> {
  const { places, folder, signal, streams } = options;
  const json = words.includes('--json');
  const [name, ...rest] = words;
  const progress = new Progress(streams.stderr, words.includes('--quiet'));
  const opened = openContext(places, signal, progress);
  try {
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      await print(streams.stdout, overview(commands));
      return name === undefined ? 2 : 0;
    }
    const command = commands.find((one) => one.name === name);
    if (!command) throw usageError(`There is no command "${name}".`, '');
    if (rest.includes('--help') || rest.includes('-h')) {
      await print(streams.stdout, commandHelp(command));
      return 0;
    }
    const outcome = await command.run(parseArguments(command, rest, folder), opened.context);
    progress.end();
    await print(
      streams.stdout,
      json
        ? JSON.stringify(writeSlicesWithin(outcome.value, 0), null, 2)
        : writeSlices(outcome.text, 0),
    );
    return outcome.exitCode;
  } catch (error) {
    progress.end();
    const cancelled = isAbort(error) || signal.aborted;
    const { code, message, hint } = toErrorReport(error);
    const report = cancelled
      ? {
          code: 'job.cancelled',
          message: 'Cancelled.',
          hint: 'Type the same command to start again.',
        }
      : { code, message: writeSlices(message, 0), hint: asTyped(message, hint) };
    if (json) await print(streams.stdout, JSON.stringify({ error: report }, null, 2));
    else await print(streams.stderr, `${report.message}\n${report.hint}`);
    return cancelled ? 130 : 2;
  } finally {
    opened.close();
  }
}
