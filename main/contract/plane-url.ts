import { ModelId, StackId } from './ids';
import { planeAxes, type PlaneAxis } from './planes';

/** What is looked at in a plane. */
export type PlaneLayer =
  | { readonly kind: 'raw' }
  | { readonly kind: 'labels' }
  | { readonly kind: 'probability'; readonly model: ModelId }
  /** `value` of the truth's label stack means membrane. */
  | { readonly kind: 'truth'; readonly value: number };

/**
 * A tile of plane `index` of an axis (`planes.ts`), in pixels of that plane;
 * level n is n times halved both ways. Labels have level 0 alone. Slices that
 * have no labels or no prediction are 0 in it; a tile that no slice has
 * anything for is answered as one without data. Of raw values `x-gaps` lists
 * what can't be read: `x,y,width,height` in pixels of the tile, with `;` between.
 */
export interface PlaneRequest {
  readonly kind: 'plane';
  readonly layer: PlaneLayer;
  readonly stack: StackId;
  readonly axis: PlaneAxis;
  readonly index: number;
  readonly level: number;
  readonly tx: number;
  readonly ty: number;
}

/** What comes after `em-pixels://plane/`. */
export function planePath(request: PlaneRequest): readonly (string | number)[] {
  const { layer, stack, axis, index, level, tx, ty } = request;
  const own = ((): readonly (string | number)[] => {
    switch (layer.kind) {
      case 'raw':
      case 'labels':
        return [];
      case 'probability':
        return [layer.model];
      case 'truth':
        return [layer.value];
    }
  })();
  return [layer.kind, stack, ...own, axis, index, level, tx, ty];
}

/** Null for anything but the exact form. */
export function parsePlanePath(parts: readonly string[]): PlaneRequest | null {
  const [kind = '', stackPart, ...rest] = parts;
  const stack = StackId.safeParse(stackPart);
  const named = kind === 'probability' || kind === 'truth' ? rest.shift() : undefined;
  const layer = layerOf(kind, named);
  const axis = planeAxes.find((each) => each === rest[0]);
  const counts = rest.slice(1);
  const sound = counts.length === 4 && counts.every((part) => /^\d{1,9}$/.test(part));
  if (!stack.success || layer === null || axis === undefined || !sound) return null;
  const [index = 0, level = 0, tx = 0, ty = 0] = counts.map(Number);
  if (layer.kind === 'labels' && level !== 0) return null;
  return { kind: 'plane', layer, stack: stack.data, axis, index, level, tx, ty };
}

function layerOf(kind: string, named: string | undefined): PlaneLayer | null {
  switch (kind) {
    case 'raw':
    case 'labels':
      return { kind };
    case 'probability': {
      const model = ModelId.safeParse(named);
      return model.success ? { kind, model: model.data } : null;
    }
    case 'truth': {
      const value = /^\d{1,16}$/.test(named ?? '') ? Number(named) : NaN;
      return Number.isSafeInteger(value) ? { kind, value } : null;
    }
    default:
      return null;
  }
}
