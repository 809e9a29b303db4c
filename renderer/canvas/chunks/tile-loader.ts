/** Tiles asked for at once; more only queue up in front of the decoder. */
const CONCURRENT = 12;

export interface TileLoaderOptions<Address, Tile> {
  readonly key: (address: Address) => string;
  readonly load: (address: Address, signal: AbortSignal) => Promise<Tile>;
  readonly bytes: (tile: Tile) => number;
  /** Bytes kept; the longest unused go first. */
  readonly budget: number;
  /** Tiles asked for at once, unless as many as a decoder has use for. */
  readonly concurrent?: number;
  readonly arrived: (address: Address) => void;
  readonly failed: (address: Address, error: unknown) => void;
}

/**
 * Tiles by address: say what you want, most wanted first; what is no longer
 * wanted is cancelled, what has arrived is kept within a budget in bytes. A
 * tile that failed is not asked for again until `forget`.
 */
export class TileLoader<Address, Tile> {
  readonly #options: TileLoaderOptions<Address, Tile>;
  /** In order of use, oldest first. */
  readonly #tiles = new Map<string, Tile>();
  readonly #loads = new Map<string, AbortController>();
  readonly #failed = new Set<string>();
  #queue: Address[] = [];
  #bytes = 0;

  constructor(options: TileLoaderOptions<Address, Tile>) {
    this.#options = options;
  }

  /** The tile, if it is here. */
  get(address: Address): Tile | undefined {
    const key = this.#options.key(address);
    const tile = this.#tiles.get(key);
    if (tile === undefined) return undefined;
    this.#tiles.delete(key);
    this.#tiles.set(key, tile);
    return tile;
  }

  /** The tile was asked for, and is on its way. */
  isLoading(address: Address): boolean {
    return this.#loads.has(this.#options.key(address));
  }

  hasFailed(address: Address): boolean {
    return this.#failed.has(this.#options.key(address));
  }

  /** Replaces the list of wishes. */
  want(addresses: readonly Address[]): void {
    const wanted = new Set(addresses.map(this.#options.key));
    for (const [key, load] of this.#loads) if (!wanted.has(key)) load.abort();
    this.#queue = addresses.filter((address) => this.#isMissing(this.#options.key(address)));
    this.#pump();
  }

  /** Waits for tiles that a step needs, wanted or not; rejects with the first failure or abort. */
  async fetch(addresses: readonly Address[], signal: AbortSignal): Promise<Tile[]> {
    return Promise.all(
      addresses.map(async (address) => {
        const here = this.get(address);
        if (here !== undefined) return here;
        const tile = await this.#options.load(address, signal);
        this.#keep(this.#options.key(address), tile);
        return tile;
      }),
    );
  }

  /** Drops tiles whose key passes the test, also those under way, and lets failed ones be tried again. */
  forget(test: (key: string) => boolean): void {
    for (const [key, load] of this.#loads) if (test(key)) load.abort();
    for (const [key, tile] of this.#tiles) {
      if (!test(key)) continue;
      this.#tiles.delete(key);
      this.#bytes -= this.#options.bytes(tile);
    }
    for (const key of this.#failed) if (test(key)) this.#failed.delete(key);
  }

  dispose(): void {
    this.#queue = [];
    this.forget(() => true);
  }

  #isMissing(key: string): boolean {
    return !this.#tiles.has(key) && !this.#loads.has(key) && !this.#failed.has(key);
  }

  #pump(): void {
    while (this.#loads.size < (this.#options.concurrent ?? CONCURRENT)) {
      const address = this.#queue.shift();
      if (address === undefined) return;
      if (this.#isMissing(this.#options.key(address))) void this.#load(address);
    }
  }

  async #load(address: Address): Promise<void> {
    const key = this.#options.key(address);
    const abort = new AbortController();
    this.#loads.set(key, abort);
    // Out of the list at once, so that a cancelled tile can be wanted again.
    abort.signal.addEventListener('abort', () => {
      if (this.#loads.get(key) === abort) this.#loads.delete(key);
    });
    try {
      const tile = await this.#options.load(address, abort.signal);
      if (abort.signal.aborted) return;
      this.#keep(key, tile);
      this.#loads.delete(key);
      this.#options.arrived(address);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#loads.delete(key);
      this.#failed.add(key);
      this.#options.failed(address, error);
    } finally {
      this.#pump();
    }
  }

  #keep(key: string, tile: Tile): void {
    const { bytes, budget } = this.#options;
    const old = this.#tiles.get(key);
    if (old !== undefined) this.#bytes -= bytes(old);
    this.#tiles.delete(key);
    this.#tiles.set(key, tile);
    this.#bytes += bytes(tile);
    for (const [oldest, other] of this.#tiles) {
      if (this.#bytes <= budget || oldest === key) break;
      this.#tiles.delete(oldest);
      this.#bytes -= bytes(other);
    }
  }
}
