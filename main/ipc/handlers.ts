import type { z } from 'zod';
import type { CommandMap, CommandName, CommandOutput } from '#contract/commands';

/** A command's input after parsing: branded ids, defaults filled in. */
export type ParsedInput<N extends CommandName> = z.output<CommandMap[N]['input']>;

export type Handler<N extends CommandName> = (
  input: ParsedInput<N>,
) => CommandOutput<N> | Promise<CommandOutput<N>>;

/** One handler for every command; a missing one does not compile. */
export type Handlers = { readonly [N in CommandName]: Handler<N> };
