/** Does the work now and answers with a promise, as the engine's interface wants it: what it throws is a rejection. */
export function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
