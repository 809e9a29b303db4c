import type { Packing } from './unpack-samples';

/** Everything a decoder needs to know of a page; it travels to a worker. */
export interface BlockCodec {
  readonly compression: number;
  readonly packing: Packing;
  readonly reverseBits: boolean;
  readonly jpegTables: Uint8Array<ArrayBuffer> | null;
  /** JPEG colours are YCbCr and become RGB. */
  readonly yCbCr: boolean;
}
