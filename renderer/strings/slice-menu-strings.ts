/** Text of the menu over the slice. */
export const sliceMenuStrings = {
  title: (x: number, y: number) => `Pixel ${String(x)}, ${String(y)}`,
  titlePlain: 'Slice',
  paintAs: 'Paint as',
  pick: (name: string) => `Paint on with ${name}`,
  pickNone: 'Nobody has labelled this pixel',
} as const;
