import { ErrorReport } from '#contract/entities/error-report';
import { fromErrorReport, MembranaError } from '#contract/errors';

/**
 * Why pixels were refused, in main's own words: a refusal of `em-pixels:` carries
 * the error's report. An answer without one (none of main's) is named by its status.
 */
export async function pixelRefusal(response: Response): Promise<MembranaError> {
  const report = ErrorReport.safeParse(await response.json().catch(() => null));
  if (report.success) {
    const { safe, ...rest } = report.data;
    return fromErrorReport(safe === undefined ? rest : { ...rest, safe });
  }
  return new MembranaError(
    'file.unreadable',
    `A tile could not be read; the answer was ${String(response.status)}.`,
    { hint: 'Open the stack again.', data: { status: response.status } },
  );
}
