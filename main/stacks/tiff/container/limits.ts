const MiB = 2 ** 20;

/** Budgets of the TIFF reader; every one is checked before memory is taken. */
export const limits = {
  /** Entries that are read of one directory; files of this world have fewer than 100. */
  entriesPerDirectory: 4096,
  /** An entry count above this can't be meant (classic TIFF can't even write it). */
  plausibleEntries: 65_535,
  directories: 2_000_000,
  blocksPerPage: 64 * MiB,
  /** Of a page of more blocks than this … */
  manyBlocks: 65_536,
  /** … at least this part must be listed. */
  listedFraction: 1 / 16,
  /** A compressed block is decoded whole. */
  decodedBlockBytes: 512 * MiB,
  /** Above `ratioFreeBytes` a block may not grow more than this by decoding. */
  expansion: 2000,
  ratioFreeBytes: 16 * MiB,
  descriptionRead: 64 * MiB,
  descriptionKept: MiB,
  /** OME-XML beyond this is not interpreted. */
  omeXmlBytes: 16 * MiB,
  pagePixels: 2 ** 37,
  samplesPerPixel: 256,
  /** Uncompressed pixels present must be at least this part of those declared. */
  presentFraction: 0.001,
  /** One region handed to a caller. */
  regionBytes: 2048 * MiB - 1,
} as const;
