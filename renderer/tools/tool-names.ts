/** Tools of the palette. */
export const toolNames = ['brush', 'eraser', 'confirm-region', 'pick', 'pan'] as const;
export type ToolName = (typeof toolNames)[number];
