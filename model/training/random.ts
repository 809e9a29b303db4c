/**
 * The one source of chance: xoshiro128** (Blackman & Vigna, public domain),
 * seeded by SplitMix32. Its whole state is four words, so a run can stop and
 * go on exactly where it was.
 */
export class Random {
  #state: Uint32Array<ArrayBuffer>;

  constructor(seed: number) {
    this.#state = new Uint32Array(4);
    let word = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      word = (word + 0x9e3779b9) >>> 0;
      let mixed = word ^ (word >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x735a2d97);
      this.#state[i] = mixed ^ (mixed >>> 15);
    }
  }

  /** A copy of the four state words. */
  state(): Uint32Array<ArrayBuffer> {
    return this.#state.slice();
  }

  restore(state: Uint32Array): void {
    this.#state = Uint32Array.from(state);
  }

  /** Uniform in [0, 1) with 32 bits. */
  uniform(): number {
    const s = this.#state;
    const s0 = s[0] ?? 0;
    const s1 = s[1] ?? 0;
    const s2 = s[2] ?? 0;
    const s3 = s[3] ?? 0;
    const scaled = Math.imul(s1, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const c2 = s2 ^ s0;
    const c3 = s3 ^ s1;
    s[1] = s1 ^ c2;
    s[0] = s0 ^ c3;
    s[2] = c2 ^ (s1 << 9);
    s[3] = (c3 << 11) | (c3 >>> 21);
    return result / 4294967296;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A whole number in [0, count). */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** Standard normal, Box–Muller; one value a call, so that the state alone says what comes next. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }
}
