import type { JournalRecord } from '../project/journal-record';

/** Payloads of the newest records that fit in `bytes`, oldest first, with sequences that have no gap. */
export async function newestPatches(
  records: AsyncIterable<JournalRecord> | Iterable<JournalRecord>,
  bytes: number,
): Promise<Uint8Array[]> {
  let kept: { readonly sequence: number; readonly payload: Uint8Array }[] = [];
  let held = 0;
  for await (const { sequence, payload } of records) {
    const last = kept.at(-1);
    if (last && sequence !== last.sequence + 1) {
      // Going back replaces records that were never acknowledged; a gap ends what came before.
      kept = sequence <= last.sequence ? kept.filter((patch) => patch.sequence < sequence) : [];
      held = kept.reduce((sum, patch) => sum + patch.payload.length, 0);
    }
    kept.push({ sequence, payload: Uint8Array.from(payload) });
    held += payload.length;
    while (held > bytes) held -= kept.shift()?.payload.length ?? held;
  }
  return kept.map(({ payload }) => payload);
}
