import type { PlaneRequest } from '#contract/plane-url';
import { halveIdRegion, tileSlabs } from '#main/planes/tile-slabs';
import { PlaneReader, type CachedSlab } from '#main/planes/plane-reader';
import { rawSlabs } from '#main/planes/raw-slabs';
import type { SlabSource } from '#main/planes/slab-source';
import type { Region } from '#main/stacks/stack-source';
import { ChunkCache } from '#volume/chunk-cache';
import type { OpenProject } from './open/open-project';
import type { StackView } from './stack-view';

/** Raw values: some two bands of a large stack. */
const RAW_BYTES = 256 * 2 ** 20;
/** Labels, predictions and the truth. */
const OVERLAY_BYTES = 96 * 2 ** 20;

/** Planes of what is open: of raw values as long as a file is open, of what lies over them as long as its layer or the truth is shown. */
export class PlaneTiles {
  private readonly raws = new ChunkCache<CachedSlab>(RAW_BYTES);
  private readonly overlays = new ChunkCache<CachedSlab>(OVERLAY_BYTES);
  private readonly readers = new WeakMap<object, Map<string, PlaneReader>>();
  private made = 0;

  /** A tile of raw values. @throws as `PlaneReader.tile` */
  async raw(view: StackView, request: PlaneRequest, signal: AbortSignal): Promise<Region | null> {
    const reader = this.reader(view, 'raw', this.raws, () => rawSlabs(view.source));
    return tileOf(reader, request, signal);
  }

  /** A tile of what lies over them; null = nothing does there. @throws as `PlaneReader.tile` */
  async overlay(
    open: OpenProject,
    request: PlaneRequest,
    signal: AbortSignal,
  ): Promise<Region | null> {
    const { layer } = request;
    const { project, truth } = open;
    const extent = project.extentOf(request.stack);
    const overlay = (owner: object, key: string, make: () => SlabSource): Promise<Region | null> =>
      tileOf(this.reader(owner, key, this.overlays, make), request, signal);
    switch (layer.kind) {
      case 'raw':
        return null;
      case 'labels': {
        const labels = project.labelsOf({ stack: request.stack, layer: layer.layer });
        return overlay(project, `labels ${request.stack} ${layer.layer}`, () =>
          tileSlabs({
            extent,
            type: 'uint8',
            edition: (z) => labels.changedAt(z),
            tile: (z, { tx, ty }) => labels.tile(z, tx, ty),
          }),
        );
      }
      case 'ids': {
        const labels = project.labelsOf({ stack: request.stack, layer: layer.layer });
        return overlay(project, `ids ${request.stack} ${layer.layer}`, () =>
          tileSlabs({
            extent,
            type: labels.element,
            edition: (z) => labels.changedAt(z),
            tile: (z, { tx, ty }) => labels.voxels(z, tx, ty),
            halve: halveIdRegion,
          }),
        );
      }
      case 'probability': {
        const { model } = layer;
        const { predictions } = project;
        return overlay(predictions, `probability ${model}`, () =>
          tileSlabs({
            extent,
            type: 'uint8',
            edition: (z) => predictions.edition(model, z),
            tile: (z, { tx, ty }) => predictions.tile(model, z, 0, tx, ty),
          }),
        );
      }
      case 'class': {
        const { model, class: own } = layer;
        const { predictions } = project;
        return overlay(predictions, `class ${model} ${String(own)}`, () =>
          tileSlabs({
            extent,
            type: 'uint8',
            edition: (z) => predictions.edition(model, z),
            tile: (z, { tx, ty }) => predictions.tile(model, z, 0, tx, ty, own),
          }),
        );
      }
      case 'truth': {
        if (truth === null) return null;
        const { value } = layer;
        return overlay(truth, `truth ${String(value)}`, () =>
          tileSlabs({
            extent,
            type: 'uint8',
            edition: () => 0,
            tile: (z, { tx, ty }, until) => truth.tile(value, z, 0, tx, ty, until),
          }),
        );
      }
    }
  }

  private reader(
    owner: object,
    layer: string,
    cache: ChunkCache<CachedSlab>,
    make: () => SlabSource,
  ): PlaneReader {
    const own = this.readers.get(owner) ?? new Map<string, PlaneReader>();
    this.readers.set(owner, own);
    const known = own.get(layer);
    if (known) return known;
    this.made += 1;
    const reader = new PlaneReader(make(), cache, String(this.made));
    own.set(layer, reader);
    return reader;
  }
}

function tileOf(
  reader: PlaneReader,
  { axis, index, level, tx, ty }: PlaneRequest,
  signal: AbortSignal,
): Promise<Region | null> {
  return reader.tile(axis, index, level, tx, ty, signal);
}
