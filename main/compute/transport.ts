/** How a process ended, as far as the system told. Either may be null; both may be wrong on some systems. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Last lines of its error output, for the log; never shown as the reason. */
  readonly output: string;
}

/**
 * A running process and the pipe to it. Messages are structured clones:
 * typed arrays arrive as copies, so the sender may go on using its own.
 * Send arrays that fill their buffer (a view would carry the whole buffer
 * along on some transports) and never a transfer list, which loses them.
 */
export interface Transport {
  readonly pid: number | null;
  /** Messages to a process that has ended are dropped. */
  post(message: unknown): void;
  /** Returns the disposer. */
  onMessage(listener: (message: unknown) => void): () => void;
  /** Returns the disposer. Electron may report one exit twice. */
  onExit(listener: (exit: ProcessExit) => void): () => void;
  /** Ends the process at once, whatever it is doing. */
  kill(): void;
}

/** Starts a compute process: `child_process.fork` under Node, `utilityProcess` in Electron. */
export interface ProcessLauncher {
  /** `environment` is added to the one of this process. */
  launch(environment: Readonly<Record<string, string>>): Transport;
}

/** The other end of the pipe, inside the compute process. */
export interface Pipe {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The owner has gone. */
  onClose(listener: () => void): void;
}
