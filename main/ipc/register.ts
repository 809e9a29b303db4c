import { channels } from '#contract/bridge';
import { commands, type CommandName } from '#contract/commands';
import { isAbort, MembranaError, toErrorReport, type ErrorReport } from '#contract/errors';
import { writeSlices, writeSlicesWithin } from '#contract/slice-marks';
import type { Log } from '#main/diagnostics/log';
import type { Handlers } from './handlers';
import type { Sender, TrustedSenders } from './trusted-senders';

/** The transport of the command door: Electron's ipcMain in the app, a table in tests. */
export interface IpcRegistrar {
  /** `answer` gets everything that came after the channel name. Returns the disposer. */
  handle(
    channel: string,
    answer: (sender: Sender, args: readonly unknown[]) => Promise<unknown>,
  ): () => void;
}

export interface CommandDoor {
  readonly registrar: IpcRegistrar;
  readonly senders: TrustedSenders;
  readonly handlers: Handlers;
  readonly log: Log;
  /** Also parse what handlers answer, to find a handler that breaks the contract (development and tests). */
  readonly checkAnswers: boolean;
}

type Envelope =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: ErrorReport };

function commandName(value: unknown): CommandName {
  if (typeof value === 'string' && Object.hasOwn(commands, value)) return value as CommandName;
  throw new MembranaError(
    'command.unknown',
    'The window asked for a command that does not exist.',
    {
      hint: 'Restart the app; if it happens again, save diagnostics and report it.',
      data: { command: typeof value === 'string' ? value.slice(0, 60) : typeof value },
    },
  );
}

function parsedInput(name: CommandName, input: unknown): unknown {
  const parsed = commands[name].input.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const at = issue?.path.map(String).join('.') ?? '';
  throw new MembranaError(
    'command.invalid-input',
    `The command ${name} was given something it can't use${at === '' ? '' : ` (${at})`}.`,
    {
      hint: 'Nothing was changed. Try again; if it stays, save diagnostics and report it.',
      data: { command: name, at, problem: issue?.message ?? '' },
    },
  );
}

function checkedAnswer(name: CommandName, value: unknown): unknown {
  const parsed = commands[name].output.safeParse(value);
  if (parsed.success) return value;
  const issue = parsed.error.issues[0];
  throw new Error(
    `${name} answered outside the contract at ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}

/** An error as the window's user reads it: slices count from 1; `data` keeps them as they are. */
function asRead(report: ErrorReport): ErrorReport {
  const { message, hint, safe } = report;
  const read = {
    ...report,
    message: writeSlices(message, 1),
    hint: writeSlices(hint, 1),
  };
  return safe === undefined ? read : { ...read, safe: writeSlices(safe, 1) };
}

/**
 * Opens the one command door. Every call has its sender checked, its name
 * looked up, its input parsed, and is answered by an envelope; nothing thrown
 * by a handler reaches the window as anything else. Returns the disposer.
 */
export function registerCommands(door: CommandDoor): () => void {
  const { registrar, senders, handlers, log, checkAnswers } = door;
  const answer = async (sender: Sender, args: readonly unknown[]): Promise<Envelope> => {
    let name: CommandName | null = null;
    try {
      if (!senders.trusts(sender)) {
        throw new MembranaError(
          'command.untrusted-sender',
          'A command came from outside the window.',
          {
            hint: 'Restart the app.',
          },
        );
      }
      name = commandName(args[0]);
      // The map gives name and input the same N; TypeScript can't follow it through a union.
      const handle = handlers[name] as (input: unknown) => unknown;
      const value = await handle(parsedInput(name, args[1]));
      return {
        ok: true,
        value: writeSlicesWithin(checkAnswers ? checkedAnswer(name, value) : value, 1),
      };
    } catch (error) {
      const report = asRead(toErrorReport(error));
      if (!isAbort(error)) {
        log.warn('command failed', {
          command: name,
          code: report.code,
          message: report.message,
          stack: report.code === 'internal' && error instanceof Error ? error.stack : undefined,
        });
      }
      return { ok: false, error: report };
    }
  };
  return registrar.handle(channels.invoke, answer);
}
