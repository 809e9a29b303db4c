/** The failures that the pure core can name. The app turns them into its own error class, field by field. */
export const modelErrorCodes = [
  'engine.unavailable',
  'engine.failed',
  'engine.out-of-memory',
  'model.corrupt',
  'model.shape-mismatch',
  'labels.none',
  'labels.one-class',
  'training.bad-input',
  'training.diverged',
] as const;

export type ModelErrorCode = (typeof modelErrorCodes)[number];

export type ModelErrorData = Readonly<Record<string, string | number | boolean | null>>;

export interface ModelErrorDetails {
  /** The next step for a person. */
  readonly hint: string;
  readonly data?: ModelErrorData;
  readonly cause?: unknown;
}

export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code: ModelErrorCode;
  readonly hint: string;
  readonly data: ModelErrorData;

  constructor(code: ModelErrorCode, message: string, details: ModelErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.data = details.data ?? {};
  }
}

/** Throws the signal's reason as an AbortError when it was aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  const error = new Error('Cancelled.');
  error.name = 'AbortError';
  throw error;
}
