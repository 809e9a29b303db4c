/** Tools of the palette. */
export const toolNames = [
  'brush',
  'eraser',
  'fill',
  'lasso',
  'polygon',
  'wand',
  'follower',
  'gap',
  'adjust',
  'confirm-region',
  'confirm-brush',
  'unreview-region',
  'unreview-brush',
  'pick',
  'pan',
] as const;
export type ToolName = (typeof toolNames)[number];

/** Tools that work in planes at right angles to the slices, too. */
export const planeTools: ReadonlySet<ToolName> = new Set(['brush', 'eraser', 'pick', 'pan']);

/** The tool of that name; null where this version has none. */
export function toolNamed(name: string): ToolName | null {
  return toolNames.find((tool) => tool === name) ?? null;
}

/** Tools that draw with a round brush of their own size. */
export function isBrush(
  tool: ToolName,
): tool is 'brush' | 'eraser' | 'confirm-brush' | 'unreview-brush' {
  return ['brush', 'eraser', 'confirm-brush', 'unreview-brush'].includes(tool);
}
