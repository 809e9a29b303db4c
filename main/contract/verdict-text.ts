/** How the reason begins why a version did not become the one in use. */
export const verdictLead = { offered: 'Not put in place: ', 'kept-aside': 'Kept aside: ' } as const;

/** The reason without its beginning, which is true no longer once the user has put the version in place. */
export function whyNotAtOnce(reason: string): string {
  const lead = Object.values(verdictLead).find((one) => reason.startsWith(one)) ?? '';
  return reason.slice(lead.length);
}
