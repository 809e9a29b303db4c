/** Exponential moving average of the weights: what is validated and kept. Young averages forget faster. */
export class MovingAverage {
  readonly #decay: number;
  #values: Float32Array<ArrayBuffer>;
  #updates = 0;

  constructor(values: Float32Array<ArrayBuffer>, decay: number) {
    this.#values = values.slice();
    this.#decay = decay;
  }

  get values(): Float32Array<ArrayBuffer> {
    return this.#values.slice();
  }

  get updates(): number {
    return this.#updates;
  }

  update(weights: Float32Array): void {
    this.#updates++;
    const keep = Math.min(this.#decay, (1 + this.#updates) / (10 + this.#updates));
    const values = this.#values;
    for (let i = 0; i < values.length; i++)
      values[i] = keep * (values[i] ?? 0) + (1 - keep) * (weights[i] ?? 0);
  }

  restore(values: Float32Array<ArrayBuffer>, updates: number): void {
    this.#values = values.slice();
    this.#updates = updates;
  }
}
