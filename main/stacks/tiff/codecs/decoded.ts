/**
 * What a decoder made of one block: at most the expected bytes. Fewer mean that
 * the encoded bytes ended early; `problem` says what was wrong with them.
 */
export interface Decoded {
  readonly data: Uint8Array;
  readonly problem: string | null;
}
