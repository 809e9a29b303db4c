import type { Bridge } from '#contract/bridge';
import type { CommandInput, CommandName, CommandOutput } from '#contract/commands';
import { fromErrorReport } from '#contract/errors';
import type { EventName, EventPayload } from '#contract/events';

declare global {
  interface Window {
    readonly membrana: Bridge;
  }
}

type Call<N extends CommandName> =
  null extends CommandInput<N>
    ? () => Promise<CommandOutput<N>>
    : (input: CommandInput<N>) => Promise<CommandOutput<N>>;

/** Every command of the contract as a function: `client['project.open']({ grant })`. Failures throw MembranaError. */
export type Client = { readonly [N in CommandName]: Call<N> };

async function ask<N extends CommandName>(
  bridge: Bridge,
  name: N,
  input: CommandInput<N>,
): Promise<CommandOutput<N>> {
  const answer = await bridge.invoke(name, input);
  if (answer.ok) return answer.value;
  throw fromErrorReport(answer.error);
}

/** The typed door to main. Answers `{ok: false}` become a thrown MembranaError with the same code, hint and data. */
export function createClient(bridge: Bridge): Client {
  return new Proxy({} as Client, {
    get: (_, name) => (input?: unknown) =>
      ask(bridge, name as CommandName, (input ?? null) as CommandInput<CommandName>),
  });
}

type Listeners = { readonly [N in EventName]?: (payload: EventPayload<N>) => void };

function listen<N extends EventName>(
  bridge: Bridge,
  name: N,
  listener: ((payload: EventPayload<N>) => void) | undefined,
): () => void {
  return listener ? bridge.on(name, listener) : () => undefined;
}

/** Subscribes a table of listeners; the returned disposer takes all of them back. */
export function subscribe(bridge: Bridge, listeners: Listeners): () => void {
  const names = Object.keys(listeners) as EventName[];
  const disposers = names.map((name) => listen(bridge, name, listeners[name] as never));
  return () => {
    for (const dispose of disposers) dispose();
  };
}
