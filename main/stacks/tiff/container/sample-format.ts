import type { ElementType } from '#contract/entities';

/** How samples lie in a decoded block, and what they become. */
export interface SampleFormat {
  /** Bits of one sample in the file. */
  readonly bits: number;
  readonly type: ElementType;
  /** Bilevel samples become 0 and 255. */
  readonly bilevel: boolean;
}

/**
 * The sample format of BitsPerSample and SampleFormat (1 unsigned, 2 signed,
 * 3 float, 4 undefined; 5 and 6 complex), or why it can't be read.
 */
export function sampleFormat(bits: number, format: number): SampleFormat | string {
  if (bits === 0) return 'samples of 0 bits';
  switch (format) {
    case 3: {
      if (bits === 16) return { bits, type: 'float16', bilevel: false };
      if (bits === 32) return { bits, type: 'float32', bilevel: false };
      if (bits === 64) return { bits, type: 'float64', bilevel: false };
      return `floating-point samples of ${bits} bits`;
    }
    case 5:
    case 6:
      return 'complex samples';
    case 2: {
      if (bits <= 8) return { bits, type: 'int8', bilevel: false };
      if (bits <= 16) return { bits, type: 'int16', bilevel: false };
      if (bits <= 32) return { bits, type: 'int32', bilevel: false };
      if (bits === 64) return { bits, type: 'int64', bilevel: false };
      return `samples of ${bits} bits`;
    }
    default: {
      if (bits <= 8) return { bits, type: 'uint8', bilevel: bits === 1 };
      if (bits <= 16) return { bits, type: 'uint16', bilevel: false };
      if (bits <= 32) return { bits, type: 'uint32', bilevel: false };
      if (bits === 64) return { bits, type: 'uint64', bilevel: false };
      return `samples of ${bits} bits`;
    }
  }
}

/** Whether samples are whole bytes that only byte order can keep from being used as they are. */
export function isByteAligned(bits: number): boolean {
  return bits === 8 || bits === 16 || bits === 32 || bits === 64;
}
