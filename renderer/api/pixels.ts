import { pixelRefusal } from './pixel-refusal';

export interface Pixels {
  readonly bytes: Uint8Array;
  /** Size of a `preview`, in pixels; 0 where the answer does not tell. */
  readonly width: number;
  readonly height: number;
}

/** Fetches pixels by their URL; null where there is no data (answer 204). Throws main's own error on refusals. */
export async function fetchPixels(url: string, signal?: AbortSignal): Promise<Pixels | null> {
  const response = await fetch(url, signal ? { signal } : {});
  if (response.status === 204) return null;
  if (!response.ok) throw await pixelRefusal(response);
  const side = (name: string): number => Number(response.headers.get(name) ?? 0);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { bytes, width: side('x-width'), height: side('x-height') };
}
