import type { CommandAnswer, CommandInput, CommandName } from './commands';
import type { EventName, EventPayload } from './events';

/** What the preload exposes as `window.membrana`: one command door, one event door, and ready. */
export interface Bridge {
  invoke<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandAnswer<N>>;
  /** Returns the disposer. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  /** Opens a port to main for slices (`pixel-port.ts`); it comes to the page as a message that is `channels.pixels`. */
  openPixels(): void;
  /** The window has drawn its first frame and listens. */
  ready(): void;
}

/** Channel names, shared by main and preload. */
export const channels = {
  invoke: 'membrana:invoke',
  event: 'membrana:event',
  ready: 'membrana:ready',
  drop: 'membrana:drop',
  pixels: 'membrana:pixels',
} as const;
