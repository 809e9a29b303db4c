import { MembranaError, toErrorReport, type ErrorReport } from '#contract/errors';
import { ModelError } from '#model/errors';

/** Any error of the compute process as a report; the model layer's own class carries the same fields. */
export function reportError(error: unknown): ErrorReport {
  if (error instanceof ModelError) {
    const { code, message, hint, data } = error;
    return toErrorReport(new MembranaError(code, message, { hint, data }));
  }
  return toErrorReport(error);
}
