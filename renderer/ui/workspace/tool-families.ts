import type { CommandId } from '../../commands/command';
import type { ToolName } from '../../tools/tool-names';

/** Tools that share a place in the rail, because they are after the same with other hands. */
export const toolFamilies = {
  lasso: ['lasso', 'polygon'],
  follow: ['follower', 'gap'],
  review: ['confirm-region', 'confirm-brush', 'unreview-region', 'unreview-brush'],
} as const satisfies Readonly<Record<string, readonly ToolName[]>>;

export type FamilyName = keyof typeof toolFamilies;
export type FamilyMember = (typeof toolFamilies)[FamilyName][number];

const commands: Readonly<Record<FamilyMember, CommandId>> = {
  lasso: 'tool.lasso',
  polygon: 'tool.polygon',
  follower: 'tool.follower',
  gap: 'tool.gap',
  'confirm-region': 'review.confirmRegion',
  'confirm-brush': 'review.confirmBrush',
  'unreview-region': 'review.unreviewRegion',
  'unreview-brush': 'review.unreviewBrush',
};

/** The command that takes a member up. */
export function commandOf(member: FamilyMember): CommandId {
  return commands[member];
}

/** The family of a tool, and its members; null for a tool that stands alone. */
export function familyOf(
  tool: ToolName,
): { readonly name: FamilyName; readonly members: readonly FamilyMember[] } | null {
  for (const name of ['lasso', 'follow', 'review'] as const) {
    const members: readonly FamilyMember[] = toolFamilies[name];
    if (members.some((member) => member === tool)) return { name, members };
  }
  return null;
}
