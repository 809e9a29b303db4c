import { imageInput } from '../network/network';

/** Gives the node of a weight tensor by its full name (`down0.conv1.weight`), canonical shape. */
export type ParameterNode<Weight> = (name: string) => Weight;

/** What the backward pass of a step is given. */
export interface BackwardPass<Value, Weight> {
  readonly inputs: readonly Value[];
  readonly output: Value;
  /** By the output. */
  readonly gradient: Value;
  readonly parameter: ParameterNode<Weight>;
  /** For each input whether anybody needs its gradient: nobody does that of the image. */
  readonly needsInput: readonly boolean[];
}

export interface StepGradients<Value, Weight> {
  /** One for each input of the step, in its order; undefined where nobody asks for it. */
  readonly inputs: readonly (Value | undefined)[];
  /** By the parameter's full name, canonical shape. */
  readonly parameters: ReadonlyMap<string, Weight>;
}

/**
 * How an engine writes a step of a network into its graph. A step is a layer,
 * or several layers that the engine computes as one; it is known by the name
 * of the last of them. Values are what flows between steps, weights what they
 * own.
 */
export interface ForwardLanguage<Graph, Value, Weight, Step extends { readonly name: string }> {
  inputsOf(step: Step): readonly string[];
  forward(
    graph: Graph,
    step: Step,
    inputs: readonly Value[],
    parameter: ParameterNode<Weight>,
  ): Value;
}

/** A language that training can be written in. */
export interface GraphLanguage<
  Graph,
  Value,
  Weight,
  Step extends { readonly name: string },
> extends ForwardLanguage<Graph, Value, Weight, Step> {
  backward(
    graph: Graph,
    step: Step,
    pass: BackwardPass<Value, Weight>,
  ): StepGradients<Value, Weight>;
  sum(graph: Graph, values: readonly Value[]): Value;
}

export interface ForwardPass<Value> {
  readonly logits: Value;
  readonly values: ReadonlyMap<string, Value>;
}

function valueOf<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new Error(`There is no layer "${name}".`);
  return value;
}

/** Writes the forward pass; keeps the value of every step for the backward pass. */
export function writeForward<Graph, Value, Weight, Step extends { readonly name: string }>(
  language: ForwardLanguage<Graph, Value, Weight, Step>,
  graph: Graph,
  steps: readonly Step[],
  image: Value,
  parameter: ParameterNode<Weight>,
): ForwardPass<Value> {
  const values = new Map<string, Value>([[imageInput, image]]);
  let logits = image;
  for (const step of steps) {
    const inputs = language.inputsOf(step).map((name) => valueOf(values, name));
    logits = language.forward(graph, step, inputs, parameter);
    values.set(step.name, logits);
  }
  return { logits, values };
}

/** Writes reverse-mode differentiation from the gradient of the logits; gives the gradient of every parameter by name. */
export function writeBackward<Graph, Value, Weight, Step extends { readonly name: string }>(
  language: GraphLanguage<Graph, Value, Weight, Step>,
  graph: Graph,
  steps: readonly Step[],
  forward: ForwardPass<Value>,
  parameter: ParameterNode<Weight>,
  logitsGradient: Value,
): ReadonlyMap<string, Weight> {
  const pending = new Map<string, Value[]>();
  const last = steps.at(-1);
  if (last !== undefined) pending.set(last.name, [logitsGradient]);
  const gradients = new Map<string, Weight>();
  for (const step of steps.toReversed()) {
    const parts = pending.get(step.name);
    if (parts === undefined) continue;
    const names = language.inputsOf(step);
    const result = language.backward(graph, step, {
      inputs: names.map((name) => valueOf(forward.values, name)),
      output: valueOf(forward.values, step.name),
      gradient: language.sum(graph, parts),
      parameter,
      needsInput: names.map((name) => name !== imageInput),
    });
    names.forEach((name, i) => {
      const gradient = result.inputs[i];
      if (gradient !== undefined && name !== imageInput)
        pending.set(name, [...(pending.get(name) ?? []), gradient]);
    });
    for (const [name, gradient] of result.parameters) gradients.set(name, gradient);
  }
  return gradients;
}
