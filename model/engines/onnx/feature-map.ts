import { integer, type GraphBuilder, type Node } from './graph';

/** How a map lies in memory: [batch, channels, rows, columns], or in blocks of channels for ONNX Runtime's fastest kernels. */
export type Layout = 'plain' | 'blocked';

/** The graph being written and which kernels it may use. */
export interface Writing {
  readonly graph: GraphBuilder;
  /**
   * Channels in a block of the CPU provider's blocked kernels (16 with
   * AVX-512, 8 with AVX); null = there are none, or they are not wanted.
   */
  readonly block: number | null;
}

/** The domain of the blocked kernels. */
export const blockedKernels = 'com.microsoft.nchwc';

/**
 * A map in one layout or both. The other layout is written into the graph
 * when somebody asks for it first, so that neighbours that agree never
 * convert. In blocks, memory is [batch, channels / block, rows, columns,
 * block], though the graph calls the shape [batch, channels, rows, columns].
 */
export class FeatureMap {
  readonly shape: readonly number[];
  /** The layout that it is at hand in. */
  readonly layout: Layout;
  readonly #writing: Writing;
  readonly #nodes = new Map<Layout, Node>();
  readonly #make: (layout: Layout) => Node;

  /** `make` writes the map in one of the layouts that it `has`; it is called once for each at most. */
  private constructor(
    writing: Writing,
    shape: readonly number[],
    layout: Layout,
    make: (layout: Layout) => Node,
  ) {
    this.#writing = writing;
    this.shape = shape;
    this.layout = layout;
    this.#make = make;
  }

  /** A map that is there in one layout. */
  static of(writing: Writing, node: Node, layout: Layout): FeatureMap {
    return new FeatureMap(writing, node.shape, layout, (wanted) => {
      if (wanted === layout) return node;
      return wanted === 'plain' ? toPlain(writing, node) : toBlocked(writing, node);
    });
  }

  /** A map that can be computed in either layout as well. */
  static either(
    writing: Writing,
    shape: readonly number[],
    layout: Layout,
    make: (layout: Layout) => Node,
  ): FeatureMap {
    return new FeatureMap(writing, shape, layout, make);
  }

  get channels(): number {
    return this.shape[1] ?? 1;
  }

  in(layout: Layout): Node {
    const known = this.#nodes.get(layout);
    if (known !== undefined) return known;
    const made = this.#make(layout);
    this.#nodes.set(layout, made);
    return made;
  }

  get plain(): Node {
    return this.in('plain');
  }

  get blocked(): Node {
    return this.in('blocked');
  }

  /** The node in the layout that it is at hand in. */
  get native(): Node {
    return this.in(this.layout);
  }

  /** A map of the same layout made from it. */
  like(node: Node): FeatureMap {
    return FeatureMap.of(this.#writing, node, this.layout);
  }
}

/** Whether maps of so many channels can lie in blocks. */
export function blocks(writing: Writing, ...channels: readonly number[]): boolean {
  const { block } = writing;
  return block !== null && channels.every((count) => count % block === 0);
}

function toPlain({ graph }: Writing, node: Node): Node {
  const attributes = { channels: integer(node.shape[1] ?? 1), channels_last: integer(0) };
  return graph.operation('ReorderOutput', [node], attributes, node.shape, blockedKernels);
}

function toBlocked({ graph }: Writing, node: Node): Node {
  const attributes = { channels_last: integer(0) };
  return graph.operation('ReorderInput', [node], attributes, node.shape, blockedKernels);
}
