/** Who sent a message, as the transport knows it (never as the message says). */
export interface Sender {
  /** Address of the frame that sent it; empty when the frame is gone. */
  readonly url: string;
  readonly mainFrame: boolean;
  /** Identity of the window's contents. */
  readonly contents: number;
}

/** The windows of the app, and the one origin that they show. */
export class TrustedSenders {
  private readonly windows = new Set<number>();

  constructor(private readonly origin: string) {}

  /** Trusts a window's contents; returns the disposer. */
  add(contents: number): () => void {
    this.windows.add(contents);
    return () => this.windows.delete(contents);
  }

  /** Our window, its main frame, our origin: all three. */
  trusts(sender: Sender): boolean {
    return (
      sender.mainFrame &&
      this.windows.has(sender.contents) &&
      (sender.url === this.origin || sender.url.startsWith(`${this.origin}/`))
    );
  }
}
