import { expect } from 'vitest';
import { StackId } from '#contract/ids';
import { MEMBRANE, painted } from '#contract/label-byte';
import { encodePatch } from '#contract/label-patch-codec';
import { parsePixelUrl } from '#contract/pixel-url';
import type { RunningServices } from './running-services';

/** Of the stacks that the tests open. */
export const shape = { width: 70, height: 40, depth: 3 };
/** An error with this code. */
export const code = (wanted: string): unknown => expect.objectContaining({ code: wanted });
const never = new AbortController().signal;

/** Opens a file as the window does: it is offered, and its grant opened. */
export async function open(app: RunningServices, path: string) {
  await app.services.offer([path], 'drop');
  const grant = app.heard('files.offered').at(-1)?.grants[0];
  if (grant === undefined) throw new Error(`${path} was not offered`);
  return app.call('project.open', { grant: grant.id });
}

/** A patch that paints a run of pixels of tile (0, 0), as membrane where nothing else is said. */
export function stroke(
  sequence: number,
  z: number,
  start: number,
  length: number,
  label = painted(MEMBRANE),
) {
  return encodePatch({
    stack: StackId.parse('stack-1'),
    layer: 'membranes',
    element: 'uint8',
    z,
    sequence,
    action: 'do',
    name: 'Brush',
    tiles: [
      {
        tx: 0,
        ty: 0,
        runs: Uint32Array.of(start, length),
        before: { kind: 'uniform', value: 0 },
        after: { kind: 'uniform', value: label },
      },
    ],
  });
}

/** What the pixel protocol answers. */
export async function pixels(app: RunningServices, url: string) {
  const request = parsePixelUrl(url);
  if (request === null) throw new Error(url);
  return app.services.pixels.read(request, never);
}
