import { stat } from 'node:fs/promises';

/** A file and, where one was named, the dataset in it. */
export interface InnerPath {
  readonly file: string;
  /** Parts joined by `/`, none in front; null where the file is to say. */
  readonly dataset: string | null;
}

const SIGN = '::';

/** Splits `stack.h5::/volumes/raw`, as people name a dataset in a file. */
function splitInnerPath(path: string): InnerPath {
  const at = path.lastIndexOf(SIGN);
  if (at <= 0) return { file: path, dataset: null };
  const parts = path.slice(at + SIGN.length).split(/[/\\]/);
  return {
    file: path.slice(0, at),
    dataset: parts.filter((part) => part !== '' && part !== '.').join('/'),
  };
}

/** Where the file of a path lies: before the sign, unless a file is called so with sign and all. */
export async function fileOfPath(path: string): Promise<InnerPath> {
  const split = splitInnerPath(path);
  if (split.dataset === null) return split;
  const whole = await stat(path).catch(() => null);
  return whole === null ? split : { file: path, dataset: null };
}
