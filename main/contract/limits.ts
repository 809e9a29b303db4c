/**
 * The most that a file or a message may claim. Each is far beyond what work in
 * earnest comes to; what claims more is damaged or means harm, and is refused
 * before memory is taken for it.
 */
export const limits = {
  /** Every value that a label byte can hold, but for "nobody has looked" and void. */
  classes: 126,
  /** Width, height or number of slices. */
  edge: 2 ** 31 - 1,
  /** Pixels of one slice. */
  slicePixels: 2 ** 37,
  /** Slices named in a list. */
  slices: 1_000_000,
  /** Tiles that one file lists. */
  tiles: 1_000_000,
  /** Lists of things that people make one by one: stacks, models in a list, sources, warnings. */
  entries: 10_000,
  /** Stacks of a project, and layers of a stack: people make them one by one. */
  stacks: 200,
  layers: 100,
  /** Number of a step: as many more fit in a double. */
  sequence: 2 ** 52,
  /** Characters of a name, of a path, of a text for people. */
  name: 1000,
  path: 32_767,
  text: 20_000,
  /** Characters of a note to a model version: a page. */
  note: 2000,
} as const;
