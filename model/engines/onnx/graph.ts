import {
  bytesField,
  floatField,
  integerField,
  joinBytes,
  textField,
  type Bytes,
} from '../protobuf';
import type { OnnxProvider } from './placement';

/** A value of the graph while it is being written: its name and its shape. Maps are [batch, channels, rows, columns]. */
export interface Node {
  readonly name: string;
  readonly shape: readonly number[];
}

export type Attribute =
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'integers'; readonly value: readonly number[] };

export type Attributes = Readonly<Record<string, Attribute>>;

/** Operator sets: '' is ONNX itself, the others are ONNX Runtime's own kernels. */
export type Domain = '' | 'com.microsoft' | 'com.microsoft.nchwc';

type ElementType = 'float' | 'uint8' | 'int8' | 'int32' | 'int64' | 'bool';

const elementTypes = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 } as const;
const attributeTypes = { float: 1, integer: 2, text: 3, integers: 7 } as const;

/** ONNX operator set 17 and intermediate representation 8: read by every runtime of the last years. */
const operatorSet = 17;
const intermediateVersion = 8;

export const integer = (value: number): Attribute => ({ kind: 'integer', value });
export const float = (value: number): Attribute => ({ kind: 'float', value });
export const text = (value: string): Attribute => ({ kind: 'text', value });
export const integers = (value: readonly number[]): Attribute => ({ kind: 'integers', value });

function attributeBytes(name: string, attribute: Attribute): Bytes {
  const value = (): Bytes => {
    switch (attribute.kind) {
      case 'integer':
        return integerField(3, attribute.value);
      case 'float':
        return floatField(2, attribute.value);
      case 'text':
        return textField(4, attribute.value);
      case 'integers':
        return joinBytes(attribute.value.map((item) => integerField(8, item)));
    }
  };
  return joinBytes([textField(1, name), value(), integerField(20, attributeTypes[attribute.kind])]);
}

function valueInfo({ name, shape }: Node, type: ElementType = 'float'): Bytes {
  const dimensions = joinBytes(shape.map((size) => bytesField(1, integerField(1, size))));
  const tensor = joinBytes([integerField(1, elementTypes[type]), bytesField(2, dimensions)]);
  return joinBytes([textField(1, name), bytesField(2, bytesField(1, tensor))]);
}

const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

/** Writes an ONNX model node by node. */
export class GraphBuilder {
  /** What will compute it: not every provider has every operator. */
  readonly provider: OnnxProvider;
  readonly #nodes: Bytes[] = [];
  readonly #constants: Bytes[] = [];
  readonly #inputs: Bytes[] = [];
  readonly #outputs: Bytes[] = [];
  readonly #known = new Map<string, Node>();
  #count = 0;
  #resultBytes = 0;

  constructor(provider: OnnxProvider) {
    this.provider = provider;
  }

  /** What all results of the operations take together; not all of them are alive at once. */
  get resultBytes(): number {
    return this.#resultBytes;
  }

  /** Adds an operation with one result. An input left out is undefined. */
  operation(
    op: string,
    inputs: readonly (Node | undefined)[],
    attributes: Attributes,
    shape: readonly number[],
    domain: Domain = '',
  ): Node {
    const name = this.#name(op);
    this.#resultBytes += 4 * sizeOf(shape);
    this.#nodes.push(
      joinBytes([
        ...inputs.map((input) => textField(1, input?.name ?? '')),
        textField(2, name),
        textField(3, name),
        textField(4, op),
        ...Object.entries(attributes).map(([key, value]) =>
          bytesField(5, attributeBytes(key, value)),
        ),
        textField(7, domain),
      ]),
    );
    return { name, shape };
  }

  input(name: string, shape: readonly number[]): Node {
    this.#inputs.push(valueInfo({ name, shape }));
    return { name, shape };
  }

  /** Makes a value a result of the graph, under the name that it has. */
  output(node: Node): void {
    this.#outputs.push(valueInfo(node));
  }

  constant(values: Float32Array, shape: readonly number[]): Node {
    if (values.length !== sizeOf(shape)) throw new Error(`A constant does not fill its shape.`);
    return this.tensor('float', values, shape);
  }

  /** A constant of any element type; its values as they lie in memory (little-endian). */
  tensor(
    type: ElementType,
    values: Float32Array | Int8Array | Uint8Array | Int32Array,
    shape: readonly number[],
  ): Node {
    const name = this.#name('constant');
    const raw = new Uint8Array(values.byteLength);
    raw.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    this.#constants.push(
      joinBytes([
        ...shape.map((size) => integerField(1, size)),
        integerField(2, elementTypes[type]),
        textField(8, name),
        bytesField(9, raw),
      ]),
    );
    return { name, shape };
  }

  scalar(value: number): Node {
    return this.#once(`scalar ${value}`, () => this.constant(Float32Array.of(value), []));
  }

  /** The same number everywhere. */
  filled(value: number, shape: readonly number[]): Node {
    return this.#once(`filled ${value} ${shape.join()}`, () =>
      this.constant(new Float32Array(sizeOf(shape)).fill(value), shape),
    );
  }

  /** A vector of whole numbers, as shapes and axes are given. */
  integers(values: readonly number[]): Node {
    return this.#once(`integers ${values.join()}`, () => {
      const name = this.#name('constant');
      const raw = new Uint8Array(8 * values.length);
      const view = new DataView(raw.buffer);
      values.forEach((value, i) => {
        view.setBigInt64(8 * i, BigInt(value), true);
      });
      this.#constants.push(
        joinBytes([
          integerField(1, values.length),
          integerField(2, elementTypes.int64),
          textField(8, name),
          bytesField(9, raw),
        ]),
      );
      return { name, shape: [values.length] };
    });
  }

  /** The bytes of the model file. */
  model(): Bytes {
    const graph = joinBytes([
      ...this.#nodes.map((node) => bytesField(1, node)),
      textField(2, 'membrana'),
      ...this.#constants.map((constant) => bytesField(5, constant)),
      ...this.#inputs.map((input) => bytesField(11, input)),
      ...this.#outputs.map((output) => bytesField(12, output)),
    ]);
    const sets: readonly (readonly [Domain, number])[] = [
      ['', operatorSet],
      ['com.microsoft', 1],
      ['com.microsoft.nchwc', 1],
    ];
    return joinBytes([
      integerField(1, intermediateVersion),
      textField(2, 'membrana'),
      bytesField(7, graph),
      ...sets.map(([domain, version]) =>
        bytesField(8, joinBytes([textField(1, domain), integerField(2, version)])),
      ),
    ]);
  }

  #name(stem: string): string {
    return `${stem}_${this.#count++}`;
  }

  #once(key: string, make: () => Node): Node {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#known.set(key, made);
    return made;
  }
}
