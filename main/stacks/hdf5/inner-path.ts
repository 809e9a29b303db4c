/** A file and, where one was named, the dataset in it. */
export interface InnerPath {
  readonly file: string;
  /** Parts joined by `/`, none in front; null where the file is to say. */
  readonly dataset: string | null;
}

const SIGN = '::';

/** Splits `stack.h5::/volumes/raw`, as people name a dataset in a file. */
export function splitInnerPath(path: string): InnerPath {
  const at = path.lastIndexOf(SIGN);
  if (at <= 0) return { file: path, dataset: null };
  const parts = path.slice(at + SIGN.length).split(/[/\\]/);
  return {
    file: path.slice(0, at),
    dataset: parts.filter((part) => part !== '' && part !== '.').join('/'),
  };
}
