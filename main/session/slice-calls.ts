import { PixelCall, type PixelReply } from '#contract/pixel-port';
import { parseSliceUrl } from '#contract/slice-url';
import type { PixelService } from './pixels';

/**
 * Answers the calls for slices of one page, each as soon as it can be, and none
 * that somebody left. `hear` takes what came; anything but a call is ignored.
 */
export class SliceCalls {
  private readonly asked = new Map<number, AbortController>();

  constructor(
    private readonly pixels: Pick<PixelService, 'slice'>,
    private readonly reply: (reply: PixelReply) => void,
  ) {}

  hear(data: unknown): void {
    const call = PixelCall.safeParse(data);
    if (!call.success) return;
    const { id } = call.data;
    switch (call.data.kind) {
      case 'leave':
        this.asked.get(id)?.abort();
        return;
      case 'ask': {
        const leaving = new AbortController();
        this.asked.set(id, leaving);
        void this.answer(id, call.data.url, leaving.signal).finally(() => this.asked.delete(id));
        return;
      }
    }
  }

  /** The page is gone. */
  close(): void {
    for (const leaving of this.asked.values()) leaving.abort();
  }

  private async answer(id: number, url: string, signal: AbortSignal): Promise<void> {
    const request = parseSliceUrl(url);
    const layers =
      request === null ? null : await this.pixels.slice(request, signal).catch(() => null);
    if (signal.aborted) return;
    this.reply(layers === null ? { kind: 'refused', id } : { kind: 'layers', id, layers });
  }
}
