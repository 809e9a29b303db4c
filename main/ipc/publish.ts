import { channels } from '#contract/bridge';
import { writeSlicesWithin } from '#contract/slice-marks';
import { events, type EventName, type EventPayload } from '#contract/events';

/** Announces something to the window. Events that nobody listens to are dropped: the window asks for the state when it starts. */
export type Publish = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

/** Sends to one window's contents; Electron's `webContents.send` in the app. */
export type EventSink = (channel: string, name: string, payload: unknown) => void;

/** The windows that hear events. With `check`, a payload outside the contract throws where it is made. */
export class EventDoor {
  private readonly sinks = new Set<EventSink>();

  constructor(private readonly check: boolean) {}

  /** Returns the disposer. */
  add(sink: EventSink): () => void {
    this.sinks.add(sink);
    return () => this.sinks.delete(sink);
  }

  readonly publish: Publish = (name, payload) => {
    if (this.check) events[name].parse(payload);
    const read = writeSlicesWithin(payload, 1);
    for (const sink of this.sinks) sink(channels.event, name, read);
  };
}
