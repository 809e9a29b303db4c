import { protocol } from 'electron';
import { PIXEL_SCHEME, parsePixelUrl } from '#contract/pixel-url';
import { isAbort, toErrorReport, type ErrorCode } from '#contract/errors';
import { writeSlicesWithin } from '#contract/slice-marks';
import { union, type Rect } from '#contract/tiles';
import type { PixelAnswer, PixelService } from '#main/session/pixels';
import { APP_ORIGIN } from './app-scheme';

const cors = {
  'access-control-allow-origin': APP_ORIGIN,
  'access-control-expose-headers': 'x-element, x-width, x-height, x-bad-blocks, x-gaps, x-error',
  'cache-control': 'no-store',
};

function statusOf(code: ErrorCode): number {
  switch (code) {
    case 'stack.slice-out-of-range':
    case 'project.source-missing':
    case 'file.not-found':
    case 'job.not-found':
    case 'model.not-found':
      return 404;
    case 'job.cancelled':
      return 499;
    default:
      return 500;
  }
}

/** Headers have a limit: of more gaps than this the rest is told as one. */
const MOST_GAPS = 512;

function gapsText(gaps: readonly Rect[]): string {
  const rest = gaps.slice(MOST_GAPS);
  const told = [...gaps.slice(0, MOST_GAPS), ...(rest.length > 0 ? [rest.reduce(union)] : [])];
  return told.map(({ x, y, width, height }) => [x, y, width, height].join()).join(';');
}

function toResponse(answer: PixelAnswer): Response {
  if (answer.kind === 'empty') return new Response(null, { status: 204, headers: cors });
  return new Response(answer.bytes, {
    headers: {
      ...cors,
      'content-type': 'application/octet-stream',
      'x-element': answer.element,
      'x-width': String(answer.width),
      'x-height': String(answer.height),
      ...(answer.badBlocks ? { 'x-bad-blocks': '1' } : {}),
      ...(answer.gaps && answer.gaps.length > 0 ? { 'x-gaps': gapsText(answer.gaps) } : {}),
    },
  });
}

/**
 * Serves pixels as bytes at `em-pixels://…` to our own page. An unreadable
 * tile answers 500 with the error's report as JSON, for the window to say why.
 */
export function servePixels(pixels: PixelService): void {
  protocol.handle(PIXEL_SCHEME, async (request) => {
    const { method, url, signal } = request;
    const wanted = method === 'GET' ? parsePixelUrl(url) : null;
    try {
      if (wanted === null) return new Response(null, { status: 400, headers: cors });
      return toResponse(await pixels.read(wanted, signal));
    } catch (error) {
      const report = toErrorReport(error);
      return new Response(isAbort(error) ? null : JSON.stringify(writeSlicesWithin(report, 1)), {
        status: statusOf(report.code),
        headers: { ...cors, 'content-type': 'application/json', 'x-error': report.code },
      });
    }
  });
}
