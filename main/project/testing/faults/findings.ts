/** What one part of the fault suite did and found. A failure is a loss, a mix, or damage that nobody noticed. */
export class Findings {
  readonly counts: Record<string, number> = {};
  readonly failures: string[] = [];
  readonly notes: string[] = [];

  constructor(readonly section: string) {}

  count(name: string, by = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + by;
  }

  /** Notes `failure` unless it holds. */
  expect(holds: boolean, failure: string): void {
    if (!holds) this.failures.push(failure);
  }

  /** Runs a check; whatever it throws is a failure. */
  async attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** The value below which `share` of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
