import { z } from 'zod';
import { startProgram, type ChildProgram } from './child-program';

const Answer = z.object({
  opened: z.string().optional(),
  saved: z.number().optional(),
  refused: z.number().optional(),
  aside: z.boolean().optional(),
  warnings: z.number(),
});
export type Answer = z.infer<typeof Answer>;

/** A program (`rival.mjs`) that paints when it is told to. */
export class Rival {
  readonly #program: ChildProgram;
  #asked = 1;

  constructor(program: string, place: string, seed: number, ...more: string[]) {
    this.#program = startProgram(program, place, String(seed), ...more);
  }

  async opened(): Promise<string> {
    await this.#program.gotLines(1);
    return Answer.parse(this.#program.lines[0]).opened ?? '';
  }

  /** Asks without waiting. */
  ask(line: string): void {
    this.#asked += 1;
    this.#program.process.stdin.write(`${line}\n`);
  }

  async answers(): Promise<Answer[]> {
    await this.#program.gotLines(this.#asked);
    return this.#program.lines.slice(1).map((line) => Answer.parse(line));
  }

  async do(line: string, times = 1): Promise<Answer[]> {
    for (let i = 0; i < times; i += 1) this.ask(line);
    return (await this.answers()).slice(-times);
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#program.process.kill(name);
  }

  async kill(): Promise<void> {
    if (this.#program.process.exitCode !== null) return;
    await this.#program.kill();
  }
}
