import { describe, expect, it } from 'vitest';
import { MembranaError, toErrorReport } from '#contract/errors';
import { fetchPixels } from './pixels';
import { pixelSource } from '../canvas/chunks/tile-source';
import { StackId } from '#contract/ids';

const stack = StackId.parse('0123456789abcdef');
const why = new MembranaError('file.changed', 'cells.tif was replaced since it was opened.', {
  hint: 'Close the stack and open it again.',
  safe: 'Labels and models are kept.',
  data: { file: 'cells.tif' },
});

/** Answers every request for pixels as the scheme does when main refuses. */
async function refusing(body: string | null, work: () => Promise<unknown>): Promise<unknown> {
  const before = globalThis.fetch;
  globalThis.fetch = () => Promise.resolve(new Response(body, { status: 500 }));
  try {
    return await work().then(
      () => null,
      (error: unknown) => error,
    );
  } finally {
    globalThis.fetch = before;
  }
}

const roads: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['a tile', () => pixelSource(stack).raw(0, 0, 0, 0, new AbortController().signal)],
  ['labels', () => fetchPixels('em-pixels://labels/x')],
];

describe.each(roads)('%s that main refuses', (_, road) => {
  it('says the reason that main gave, its next step and what is safe', async () => {
    const error = await refusing(JSON.stringify(toErrorReport(why)), road);
    expect(error).toBeInstanceOf(MembranaError);
    expect(toErrorReport(error)).toEqual(toErrorReport(why));
  });

  it.each([null, 'oops', '{"code":"made-up"}'])(
    'is typed where no reason came (%j)',
    async (body) => {
      expect(await refusing(body, road)).toMatchObject({ code: 'file.unreadable' });
    },
  );
});
