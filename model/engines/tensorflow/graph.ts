import {
  bytesField,
  floatField,
  integerField,
  joinBytes,
  textField,
  type Bytes,
} from '../protobuf';

/** A value of the graph while it is being written: its name and its shape. */
export interface Node {
  readonly name: string;
  readonly shape: readonly number[];
}

export type Attribute =
  | { readonly kind: 'type'; readonly value: 'float' | 'int32' }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'integers'; readonly value: readonly number[] }
  | { readonly kind: 'shape'; readonly value: readonly number[] }
  | {
      readonly kind: 'tensor';
      readonly shape: readonly number[];
      readonly value: Float32Array | Int32Array;
    };

const dataTypes = { float: 1, int32: 3 } as const;
/** GraphDef version of TensorFlow 2.9 and later. */
const producerVersion = 1087;

export const floatType: Attribute = { kind: 'type', value: 'float' };
export const indexType: Attribute = { kind: 'type', value: 'int32' };

function shapeBytes(shape: readonly number[]): Bytes {
  return joinBytes(shape.map((size) => bytesField(2, integerField(1, size))));
}

function attributeBytes(attribute: Attribute): Bytes {
  switch (attribute.kind) {
    case 'type':
      return integerField(6, dataTypes[attribute.value]);
    case 'text':
      return textField(2, attribute.value);
    case 'integer':
      return integerField(3, attribute.value);
    case 'float':
      return floatField(4, attribute.value);
    case 'boolean':
      return integerField(5, attribute.value ? 1 : 0);
    case 'integers':
      return bytesField(1, joinBytes(attribute.value.map((value) => integerField(3, value))));
    case 'shape':
      return bytesField(7, shapeBytes(attribute.value));
    case 'tensor': {
      const { value } = attribute;
      const content = new Uint8Array(value.byteLength);
      content.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      const type = value instanceof Float32Array ? dataTypes.float : dataTypes.int32;
      return bytesField(
        8,
        joinBytes([
          integerField(1, type),
          bytesField(2, shapeBytes(attribute.shape)),
          bytesField(4, content),
        ]),
      );
    }
  }
}

/**
 * Writes a TensorFlow graph node by node. A graph that is run as a whole lets
 * TensorFlow fuse convolution, bias and ReLU, free every value after its last
 * use, and costs one call for each run: eager calls of the same kernels cannot
 * be fused through the binding.
 */
export class GraphBuilder {
  readonly #nodes: Bytes[] = [];
  #count = 0;

  /** Adds an operation; its name may be chosen for inputs and outputs of the graph. */
  operation(
    op: string,
    inputs: readonly Node[],
    attributes: Readonly<Record<string, Attribute>>,
    shape: readonly number[],
    name = `${op}_${this.#count}`,
  ): Node {
    this.#count++;
    const parts = [
      textField(1, name),
      textField(2, op),
      ...inputs.map((input) => textField(3, input.name)),
    ];
    for (const [key, attribute] of Object.entries(attributes)) {
      parts.push(
        bytesField(5, joinBytes([textField(1, key), bytesField(2, attributeBytes(attribute))])),
      );
    }
    this.#nodes.push(joinBytes(parts));
    return { name, shape };
  }

  placeholder(name: string, shape: readonly number[]): Node {
    return this.operation(
      'Placeholder',
      [],
      { dtype: floatType, shape: { kind: 'shape', value: shape } },
      shape,
      name,
    );
  }

  constant(values: readonly number[] | Float32Array, shape: readonly number[]): Node {
    const value = values instanceof Float32Array ? values : Float32Array.from(values);
    return this.operation(
      'Const',
      [],
      { dtype: floatType, value: { kind: 'tensor', shape, value } },
      shape,
    );
  }

  scalar(value: number): Node {
    return this.constant([value], []);
  }

  /** A vector of whole numbers, as shapes and axes are given. */
  integers(values: readonly number[]): Node {
    const value = Int32Array.from(values);
    return this.operation(
      'Const',
      [],
      { dtype: indexType, value: { kind: 'tensor', shape: [value.length], value } },
      [value.length],
    );
  }

  /** The bytes of `saved_model.pb`: one graph tagged `serve`, without variables. */
  savedModel(): Bytes {
    const graph = joinBytes([
      ...this.#nodes.map((node) => bytesField(1, node)),
      bytesField(4, integerField(1, producerVersion)),
    ]);
    const metaGraph = joinBytes([bytesField(1, textField(4, 'serve')), bytesField(2, graph)]);
    return joinBytes([integerField(1, 1), bytesField(2, metaGraph)]);
  }
}
