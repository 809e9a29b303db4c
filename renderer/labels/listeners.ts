/** Those who want to hear of something, called in the order they came. */
export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>();

  /** Returns the disposer. */
  add(listener: (value: T) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  tell(value: T): void {
    for (const listener of this.#all) listener(value);
  }

  clear(): void {
    this.#all.clear();
  }
}
