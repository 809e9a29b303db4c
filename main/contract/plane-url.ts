import { LayerId, ModelId, ProjectId, StackId } from './ids';
import { VOID } from './label-byte';
import { planeAxes, type PlaneAxis } from './planes';

/** What is looked at in a plane. */
export type PlaneLayer =
  | { readonly kind: 'raw' }
  /** A layer of classes, or of ids, of the stack. */
  | { readonly kind: 'labels' | 'ids'; readonly project: ProjectId; readonly layer: LayerId }
  | { readonly kind: 'probability'; readonly model: ModelId }
  /** `class`: of a class on the model's card, 1…126. */
  | { readonly kind: 'class'; readonly model: ModelId; readonly class: number }
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
        return [];
      case 'labels':
      case 'ids':
        return [layer.project, layer.layer];
      case 'probability':
        return [layer.model];
      case 'class':
        return [layer.model, layer.class];
      case 'truth':
        return [layer.value];
    }
  })();
  return [layer.kind, stack, ...own, axis, index, level, tx, ty];
}

/** How many parts of a path name a layer of each kind. */
const namedBy = { raw: 0, labels: 2, ids: 2, probability: 1, class: 2, truth: 1 } as const;
type PlaneKind = keyof typeof namedBy;
const planeKinds: readonly PlaneKind[] = ['raw', 'labels', 'ids', 'probability', 'class', 'truth'];

/** Null for anything but the exact form. */
export function parsePlanePath(parts: readonly string[]): PlaneRequest | null {
  const [kindPart, stackPart, ...rest] = parts;
  const kind = planeKinds.find((each) => each === kindPart);
  const stack = StackId.safeParse(stackPart);
  if (kind === undefined || !stack.success) return null;
  const layer = layerOf(kind, rest.slice(0, namedBy[kind]));
  const [axisPart, ...counts] = rest.slice(namedBy[kind]);
  const axis = planeAxes.find((each) => each === axisPart);
  const sound = counts.length === 4 && counts.every((part) => /^\d{1,9}$/.test(part));
  if (layer === null || axis === undefined || !sound) return null;
  const [index = 0, level = 0, tx = 0, ty = 0] = counts.map(Number);
  if (kind === 'labels' && level !== 0) return null;
  return { kind: 'plane', layer, stack: stack.data, axis, index, level, tx, ty };
}

function layerOf(kind: PlaneKind, [first, second]: readonly string[]): PlaneLayer | null {
  switch (kind) {
    case 'raw':
      return { kind };
    case 'labels':
    case 'ids': {
      const project = ProjectId.safeParse(first);
      const layer = LayerId.safeParse(second);
      if (!project.success || !layer.success) return null;
      return { kind, project: project.data, layer: layer.data };
    }
    case 'probability': {
      const model = ModelId.safeParse(first);
      return model.success ? { kind, model: model.data } : null;
    }
    case 'class': {
      const model = ModelId.safeParse(first);
      const own = /^\d{1,3}$/.test(second ?? '') ? Number(second) : 0;
      return model.success && own >= 1 && own < VOID
        ? { kind, model: model.data, class: own }
        : null;
    }
    case 'truth': {
      const value = /^\d{1,16}$/.test(first ?? '') ? Number(first) : NaN;
      return Number.isSafeInteger(value) ? { kind, value } : null;
    }
  }
}
