import { JobId, LayerId, ModelId, ProjectId, StackId } from './ids';
import { VOID } from './label-byte';
import { parsePlanePath, planePath, type PlaneRequest } from './plane-url';

/** A layer of labels, named so that no other one of any project can be meant. */
export interface LayerAddress {
  readonly project: ProjectId;
  readonly stack: StackId;
  readonly layer: LayerId;
}

/**
 * Pixels are fetched as bytes through `em-pixels:`; URLs carry ids and
 * integers only. Answers are octets, TILE_SIZE² elements a tile, little-endian
 * in the type told by `x-element` (uint8, uint16, int16, float32 …); a tile
 * without data (never painted, not predicted, no line, no truth opened) answers 204. `preview` answers
 * 8-bit grey with `x-width` and `x-height`. `x-bad-blocks: 1` marks a raw tile
 * with unreadable parts (command `stack.badBlocks` lists them).
 */
export type PixelRequest =
  | {
      readonly kind: 'raw';
      readonly stack: StackId;
      readonly z: number;
      readonly level: number;
      readonly tx: number;
      readonly ty: number;
    }
  /** Label bytes of a layer of classes, at full size. */
  | (LayerAddress & {
      readonly kind: 'labels';
      readonly z: number;
      readonly tx: number;
      readonly ty: number;
    })
  /** Ids of a layer of cells, in its own element (uint16 or uint32); of four of the level below the one that most have. */
  | (LayerAddress & {
      readonly kind: 'ids';
      readonly z: number;
      readonly level: number;
      readonly tx: number;
      readonly ty: number;
    })
  | {
      readonly kind: 'probability';
      readonly stack: StackId;
      readonly model: ModelId;
      readonly z: number;
      readonly level: number;
      readonly tx: number;
      readonly ty: number;
    }
  | {
      readonly kind: 'class';
      readonly stack: StackId;
      readonly model: ModelId;
      /** Of the class on the model's card, 1…126. */
      readonly class: number;
      readonly z: number;
      readonly level: number;
      readonly tx: number;
      readonly ty: number;
    }
  | {
      readonly kind: 'line';
      readonly stack: StackId;
      readonly model: ModelId;
      readonly z: number;
      /** The thinned line of what is at least this probability byte, 1…255. */
      readonly from: number;
      readonly level: number;
      readonly tx: number;
      readonly ty: number;
    }
  | {
      readonly kind: 'truth';
      readonly stack: StackId;
      /** The value of the label stack that means membrane. */
      readonly value: number;
      readonly z: number;
      readonly level: number;
      readonly tx: number;
      readonly ty: number;
    }
  | {
      readonly kind: 'preview';
      readonly job: JobId;
      readonly step: number;
      readonly picture: PreviewPicture;
    }
  | { readonly kind: 'thumbnail'; readonly stack: StackId; readonly z: number }
  | PlaneRequest;

export const previewPictures = ['feature', 'target', 'prediction'] as const;
export type PreviewPicture = (typeof previewPictures)[number];

export const PIXEL_SCHEME = 'em-pixels';

export function pixelUrl(request: PixelRequest): string {
  const path = ((): readonly (string | number)[] => {
    switch (request.kind) {
      case 'raw':
        return [request.stack, request.z, request.level, request.tx, request.ty];
      case 'labels': {
        const { project, stack, layer, z, tx, ty } = request;
        return [project, stack, layer, z, tx, ty];
      }
      case 'ids': {
        const { project, stack, layer, z, level, tx, ty } = request;
        return [project, stack, layer, z, level, tx, ty];
      }
      case 'probability':
        return [request.stack, request.model, request.z, request.level, request.tx, request.ty];
      case 'class': {
        const { stack, model, class: own, z, level, tx, ty } = request;
        return [stack, model, own, z, level, tx, ty];
      }
      case 'line': {
        const { stack, model, z, from, level, tx, ty } = request;
        return [stack, model, z, from, level, tx, ty];
      }
      case 'truth':
        return [request.stack, request.value, request.z, request.level, request.tx, request.ty];
      case 'preview':
        return [request.job, request.step, request.picture];
      case 'thumbnail':
        return [request.stack, request.z];
      case 'plane':
        return planePath(request);
    }
  })();
  return `${PIXEL_SCHEME}://${request.kind}/${path.join('/')}`;
}

/** Label values go up to the largest whole number, everything else counts pixels, tiles and slices. */
function integers(parts: readonly string[], first: 'count' | 'value' = 'count'): number[] | null {
  const numbers = parts.map((part, i) => {
    const digits = first === 'value' && i === 0 ? /^\d{1,16}$/ : /^\d{1,9}$/;
    return digits.test(part) && Number.isSafeInteger(Number(part)) ? Number(part) : NaN;
  });
  return numbers.some(Number.isNaN) ? null : numbers;
}

/** Null unless the first three parts of a path name a layer. */
function layerAddress(parts: readonly string[]): LayerAddress | null {
  const project = ProjectId.safeParse(parts[0]);
  const stack = StackId.safeParse(parts[1]);
  const layer = LayerId.safeParse(parts[2]);
  if (!project.success || !stack.success || !layer.success) return null;
  return { project: project.data, stack: stack.data, layer: layer.data };
}

/** Parses a pixel URL; null for anything but the exact forms above. */
export function parsePixelUrl(url: string): PixelRequest | null {
  const match = /^em-pixels:\/\/([a-z]+)\/([^?#]*)$/.exec(url);
  const kind = match?.[1];
  const parts = match?.[2]?.split('/') ?? [];
  const first = parts[0] ?? '';
  switch (kind) {
    case 'labels':
    case 'ids': {
      const at = layerAddress(parts);
      const n = integers(parts.slice(3));
      if (at === null || n === null) return null;
      const [z = 0, a = 0, b = 0, c = 0] = n;
      if (kind === 'labels' && n.length === 3) return { kind, ...at, z, tx: a, ty: b };
      if (kind === 'ids' && n.length === 4) return { kind, ...at, z, level: a, tx: b, ty: c };
      return null;
    }
    case 'raw':
    case 'truth':
    case 'thumbnail': {
      const stack = StackId.safeParse(first);
      const n = integers(parts.slice(1), kind === 'truth' ? 'value' : 'count');
      if (!stack.success || n === null) return null;
      const [z = 0, a = 0, b = 0, c = 0, d = 0] = n;
      if (kind === 'truth' && n.length === 5)
        return { kind, stack: stack.data, value: z, z: a, level: b, tx: c, ty: d };
      if (kind === 'raw' && n.length === 4)
        return { kind, stack: stack.data, z, level: a, tx: b, ty: c };
      if (kind === 'thumbnail' && n.length === 1) return { kind, stack: stack.data, z };
      return null;
    }
    case 'probability': {
      const stack = StackId.safeParse(first);
      const model = ModelId.safeParse(parts[1]);
      const n = integers(parts.slice(2));
      if (!stack.success || !model.success || n?.length !== 4) return null;
      const [z = 0, level = 0, tx = 0, ty = 0] = n;
      return { kind, stack: stack.data, model: model.data, z, level, tx, ty };
    }
    case 'class': {
      const stack = StackId.safeParse(first);
      const model = ModelId.safeParse(parts[1]);
      const n = integers(parts.slice(2));
      if (!stack.success || !model.success || n?.length !== 5) return null;
      const [own = 0, z = 0, level = 0, tx = 0, ty = 0] = n;
      if (own < 1 || own >= VOID) return null;
      return { kind, stack: stack.data, model: model.data, class: own, z, level, tx, ty };
    }
    case 'line': {
      const stack = StackId.safeParse(first);
      const model = ModelId.safeParse(parts[1]);
      const n = integers(parts.slice(2));
      if (!stack.success || !model.success || n?.length !== 5) return null;
      const [z = 0, from = 0, level = 0, tx = 0, ty = 0] = n;
      if (from < 1 || from > 255) return null;
      return { kind, stack: stack.data, model: model.data, z, from, level, tx, ty };
    }
    case 'preview': {
      const job = JobId.safeParse(first);
      const n = integers(parts.slice(1, 2));
      const picture = previewPictures.find((name) => name === parts[2]);
      if (!job.success || n === null || picture === undefined || parts.length !== 3) return null;
      return { kind, job: job.data, step: n[0] ?? 0, picture };
    }
    case 'plane':
      return parsePlanePath(parts);
    default:
      return null;
  }
}
