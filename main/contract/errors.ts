/**
 * Every failure a person can meet has a code of this list. The window, the
 * command line and the tests switch on the code; `message` names the thing,
 * `hint` says the next step, `safe` what was not lost.
 */
export const errorCodes = [
  // files and stacks
  'file.not-found',
  'file.unreadable',
  'file.empty',
  'file.not-plain',
  'file.too-large',
  'file.changed',
  'file.write-failed',
  'disk.full',
  'disk.not-answering',
  'tiff.not-a-tiff',
  'tiff.truncated',
  'tiff.unsupported',
  'tiff.corrupt',
  'tiff.too-large',
  'tiff.no-image',
  'stack.no-image',
  'stack.several',
  'stack.slices-differ',
  'stack.unsupported',
  'stack.corrupt',
  'stack.too-large',
  'stack.page-unreadable',
  'stack.shape-mismatch',
  'stack.slice-out-of-range',
  'stack.already-here',
  // labels and training data
  'labels.none',
  'labels.incomplete',
  'labels.one-class',
  'labels.value-absent',
  'labels.patch-invalid',
  'labels.layer-removed',
  'labels.too-many-layers',
  'labels.not-ids',
  'prediction.range-unclear',
  'accuracy.no-truth',
  'accuracy.nothing-to-measure',
  // projects
  'project.not-a-project',
  'project.newer-version',
  'project.locked',
  'project.read-only',
  'project.taken-over',
  'project.journal-moved',
  'project.corrupt',
  'project.no-folder',
  'project.source-missing',
  'project.step-invalid',
  'project.stale',
  'project.out-of-step',
  'version.not-found',
  'audit.not-found',
  'audit.nothing-predicted',
  // models
  'model.not-found',
  'model.corrupt',
  'model.shape-mismatch',
  'model.class-unknown',
  // engines, compute, jobs
  'engine.unavailable',
  'engine.failed',
  'engine.out-of-memory',
  'compute.crashed',
  'compute.interrupted',
  'compute.timeout',
  'training.bad-input',
  'training.diverged',
  'training.given-up',
  'job.cancelled',
  'job.not-found',
  'job.busy',
  // doors
  'command.invalid-input',
  'command.unknown',
  'command.untrusted-sender',
  'grant.unknown',
  'usage',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** JSON-safe facts that made the error: names, sizes, page numbers. Never pixels, never full paths for the window. */
export type ErrorData = Readonly<Record<string, string | number | boolean | null>>;

export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly safe?: string;
  readonly data: ErrorData;
}

export interface ErrorDetails {
  readonly hint: string;
  readonly safe?: string;
  readonly data?: ErrorData;
  readonly cause?: unknown;
}

/** The one error class that crosses our own boundaries. Turn it into a report with `toErrorReport`. */
export class MembranaError extends Error {
  override readonly name = 'MembranaError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly safe: string | undefined;
  readonly data: ErrorData;

  constructor(code: ErrorCode, message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.safe = details.safe;
    this.data = details.data ?? {};
  }
}

/** Rebuilds the error on the other side of a process boundary. */
export function fromErrorReport(report: ErrorReport): MembranaError {
  const { code, message, hint, safe, data } = report;
  return new MembranaError(
    code,
    message,
    safe === undefined ? { hint, data } : { hint, safe, data },
  );
}

export function isAbort(error: unknown): boolean {
  return (
    (error instanceof Error && error.name === 'AbortError') ||
    (error instanceof MembranaError && error.code === 'job.cancelled')
  );
}

/** Any thrown value as a report; what is not ours becomes `internal` with its message. */
export function toErrorReport(error: unknown): ErrorReport {
  if (error instanceof MembranaError) {
    const { code, message, hint, safe, data } = error;
    return safe === undefined ? { code, message, hint, data } : { code, message, hint, safe, data };
  }
  if (isAbort(error)) {
    return {
      code: 'job.cancelled',
      message: 'Cancelled.',
      hint: 'Start it again when you like.',
      data: {},
    };
  }
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    hint: 'Save diagnostics from the Help menu and report this.',
    data: {},
  };
}
