import type { Page } from '@playwright/test';
import { z } from 'zod';

/** Edge of a label tile on its way to the window. */
const TILE = 512;

const Answer = z.object({
  ok: z.literal(true),
  value: z.object({
    id: z.string(),
    layer: z.string(),
    lastSequence: z.number(),
    stack: z.object({
      id: z.string(),
      info: z.object({ width: z.number(), height: z.number(), depth: z.number() }),
    }),
  }),
});

/** Label bytes as the main side has them, through the doors that the window uses. */
export class LabelReader {
  private constructor(
    private readonly page: Page,
    /** Project, stack and layer, as the URLs of its pixels begin. */
    private readonly layer: string,
    readonly width: number,
    readonly height: number,
    readonly depth: number,
    /** Sequence of the last journalled stroke when this was opened. */
    readonly lastSequence: number,
  ) {}

  /** Of the project that is open. */
  static async open(page: Page): Promise<LabelReader> {
    const answer: unknown = await page.evaluate(async () => {
      const door = Reflect.get(window, 'membrana') as {
        invoke(name: string, input: unknown): Promise<{ value: { grant: string }[] }>;
      };
      const recent = await door.invoke('recent.list', null);
      return door.invoke('project.open', { grant: recent.value[0]?.grant });
    });
    const { id, layer, lastSequence, stack } = Answer.parse(answer).value;
    const { width, height, depth } = stack.info;
    const at = [id, stack.id, layer].join('/');
    return new LabelReader(page, at, width, height, depth, lastSequence);
  }

  /** Label bytes of a slice, row by row. */
  async slice(z: number): Promise<Uint8Array> {
    const tiles = await this.page.evaluate(
      async ({ layer, z, across, down }) => {
        const got: { tx: number; ty: number; text: string }[] = [];
        for (let ty = 0; ty < down; ty += 1)
          for (let tx = 0; tx < across; tx += 1) {
            const answer = await fetch(
              `em-pixels://labels/${layer}/${String(z)}/${String(tx)}/${String(ty)}`,
            );
            const bytes = new Uint8Array(await answer.arrayBuffer());
            got.push({ tx, ty, text: Array.from(bytes, (b) => String.fromCharCode(b)).join('') });
          }
        return got;
      },
      {
        layer: this.layer,
        z,
        across: Math.ceil(this.width / TILE),
        down: Math.ceil(this.height / TILE),
      },
    );
    const labels = new Uint8Array(this.width * this.height);
    for (const { tx, ty, text } of tiles)
      for (let i = 0; i < text.length; i += 1) {
        const x = tx * TILE + (i % TILE);
        const y = ty * TILE + Math.floor(i / TILE);
        if (x < this.width && y < this.height) labels[y * this.width + x] = text.charCodeAt(i);
      }
    return labels;
  }
}

/** Where a grid of square cells lies in a slice, image pixels. */
export interface Grid {
  readonly x: number;
  readonly y: number;
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
}

/** The bytes of every cell of a grid, as text to compare. */
export function cellsOf(labels: Uint8Array, width: number, grid: Grid): string[] {
  return Array.from({ length: grid.columns * grid.rows }, (_, index) => {
    const left = grid.x + (index % grid.columns) * grid.cell;
    const top = grid.y + Math.floor(index / grid.columns) * grid.cell;
    const rows = Array.from({ length: grid.cell }, (__, y) =>
      labels.subarray((top + y) * width + left, (top + y) * width + left + grid.cell).join(' '),
    );
    return rows.join('\n');
  });
}
