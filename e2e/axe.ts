import type { Page } from '@playwright/test';
import axe from 'axe-core';
import { z } from 'zod';

const Violations = z.array(
  z.object({
    id: z.string(),
    impact: z.string().nullable(),
    help: z.string(),
    nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
  }),
);

/**
 * What axe finds wrong with what is on the screen, serious and critical, one
 * line a node; `contrast` asks for that alone, which another theme changes; `within`: the parts that are looked at, as selectors, all where left out.
 * Its source is evaluated by the debugger, so the page keeps its policy: no script tag, no exception.
 */
export async function accessibilityFaults(
  page: Page,
  what: 'all' | 'contrast' = 'all',
  within: readonly string[] = ['html'],
): Promise<string[]> {
  const there = await page.evaluate(() => Reflect.has(window, 'axe'));
  if (!there) await page.evaluate(axe.source);
  const found: unknown = await page.evaluate(
    async ([only, parts]) => {
      const injected = Reflect.get(window, 'axe') as {
        run(context: unknown, options: unknown): Promise<{ violations: unknown }>;
      };
      const { violations } = await injected.run(
        { include: parts.filter((part) => document.querySelector(part)) },
        {
          resultTypes: ['violations'],
          ...(only === 'contrast'
            ? { runOnly: { type: 'rule', values: ['color-contrast'] } }
            : { rules: { 'target-size': { enabled: true } } }),
        },
      );
      return JSON.parse(JSON.stringify(violations)) as unknown;
    },
    [what, within] as const,
  );
  return Violations.parse(found)
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(
        ({ html, failureSummary }) =>
          `${id}: ${help}\n  ${html.slice(0, 200)}\n  ${(failureSummary ?? '').slice(0, 400)}`,
      ),
    );
}
