import type { ElementType } from '#contract/entities';
import { MembranaError, toErrorReport } from '#contract/errors';
import type { StackId } from '#contract/ids';
import type { SliceLayer } from '#contract/pixel-port';
import type { PixelRequest } from '#contract/pixel-url';
import type { SliceRequest } from '#contract/slice-url';
import { TILE_SIZE, type Rect } from '#contract/tiles';
import type { Publish } from '#main/ipc/publish';
import type { PreviewRing } from '#main/jobs/preview-ring';
import { wireTile } from '#main/stacks/wire-tile';
import { IdTiles } from './id-tiles';
import { PlaneTiles } from './plane-tiles';
import type { Session } from './session';
import { sliceLayers } from './slice-layers';
import type { StackView } from './stack-view';

/** Bytes for one pixel URL; `empty` = nothing was painted or predicted there. */
export type PixelAnswer =
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'pixels';
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly element: ElementType;
      readonly width: number;
      readonly height: number;
      readonly badBlocks: boolean;
      /** Of a plane: what can't be read of it, in pixels of the tile. */
      readonly gaps?: readonly Rect[];
    };

export interface PixelService {
  /** @throws MembranaError as the readers do; project.source-missing for a stack that is not open */
  read(request: PixelRequest, signal: AbortSignal): Promise<PixelAnswer>;
  /** The layers of a part of a slice (`sliceLayers`). @throws as `read` */
  slice(request: SliceRequest, signal: AbortSignal): Promise<(SliceLayer | null)[]>;
}

function bytesAnswer(
  bytes: Uint8Array<ArrayBuffer> | null,
  width = TILE_SIZE,
  height = TILE_SIZE,
): PixelAnswer {
  if (bytes === null) return { kind: 'empty' };
  return { kind: 'pixels', bytes, element: 'uint8', width, height, badBlocks: false };
}

/** Answers pixel requests from what is open now. */
export function createPixelService(
  session: Session,
  previews: PreviewRing,
  publish: Publish,
): PixelService {
  /** Stacks whose file is another one now, which the window was told. */
  const lost = new WeakSet<StackView>();

  const planes = new PlaneTiles();
  const ids = new IdTiles();

  /** Reads from the file of a stack; the first time that this is another file, the window hears of it. */
  const fromFile = async <T>(stack: StackId, read: (view: StackView) => Promise<T>): Promise<T> => {
    const view = session.stack(stack);
    try {
      const answer = await read(view);
      lost.delete(view);
      return answer;
    } catch (error) {
      if (error instanceof MembranaError && error.code === 'file.changed' && !lost.has(view)) {
        lost.add(view);
        publish('stack.changed', { stack, error: toErrorReport(error) });
      }
      throw error;
    }
  };

  return {
    slice: (request, signal) => sliceLayers(request, session, fromFile, signal),
    async read(request, signal) {
      switch (request.kind) {
        case 'raw': {
          const { z, level, tx, ty } = request;
          const region = await fromFile(request.stack, ({ tiles }) =>
            tiles.tile(z, level, tx, ty, signal),
          );
          const { bytes, element, hasBadBlocks } = wireTile(region);
          return {
            kind: 'pixels',
            bytes,
            element,
            width: TILE_SIZE,
            height: TILE_SIZE,
            badBlocks: hasBadBlocks,
          };
        }
        case 'thumbnail': {
          const { bytes, width, height } = await fromFile(request.stack, (view) =>
            view.thumbnail(request.z, signal),
          );
          return bytesAnswer(bytes, width, height);
        }
        case 'labels': {
          const { labels } = session.layerOf(request);
          return bytesAnswer(await labels.tile(request.z, request.tx, request.ty));
        }
        case 'ids': {
          const { open, labels } = session.layerOf(request);
          const extent = open.project.extentOf(request.stack);
          const tile = await ids.tile(labels, extent, request.project, request, signal);
          if (tile === null) return { kind: 'empty' };
          const bytes = new Uint8Array(tile.buffer, tile.byteOffset, tile.byteLength);
          const size = { width: TILE_SIZE, height: TILE_SIZE };
          return { kind: 'pixels', bytes, element: labels.element, ...size, badBlocks: false };
        }
        case 'probability': {
          const { project } = session.projectOf(request.stack);
          const { model, z, level, tx, ty } = request;
          return bytesAnswer(await project.predictions.tile(model, z, level, tx, ty));
        }
        case 'class': {
          const { project } = session.projectOf(request.stack);
          const { model, class: own, z, level, tx, ty } = request;
          return bytesAnswer(await project.predictions.tile(model, z, level, tx, ty, own));
        }
        case 'line': {
          const { project } = session.projectOf(request.stack);
          const { model, z, from, level, tx, ty } = request;
          return bytesAnswer(await project.lines.tile(model, z, from, { level, tx, ty }, signal));
        }
        case 'truth': {
          const { truth } = session.projectOf(request.stack);
          const { value, z, level, tx, ty } = request;
          return bytesAnswer((await truth?.tile(value, z, level, tx, ty, signal)) ?? null);
        }
        case 'plane': {
          const region =
            request.layer.kind === 'raw'
              ? await fromFile(request.stack, (view) => planes.raw(view, request, signal))
              : await planes.overlay(session.planesOf(request), request, signal);
          if (region === null) return { kind: 'empty' };
          const { bytes, element, hasBadBlocks: badBlocks } = wireTile(region);
          const size = { width: TILE_SIZE, height: TILE_SIZE };
          return { kind: 'pixels', bytes, element, ...size, badBlocks, gaps: region.bad };
        }
        case 'preview': {
          const picture = previews.picture(request.job, request.step, request.picture);
          if (picture === null) {
            throw new MembranaError('job.not-found', 'That picture is not kept any more.', {
              hint: 'The last pictures of a training are shown.',
              data: { job: request.job, step: request.step },
            });
          }
          return bytesAnswer(new Uint8Array(picture.bytes), picture.width, picture.height);
        }
      }
    },
  };
}
