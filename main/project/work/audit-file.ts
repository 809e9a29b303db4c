import { join } from 'node:path';
import { z } from 'zod';
import { Audit } from '#contract/entities';
import { StackId } from '#contract/ids';
import { sealJson, unsealJson } from '../../storage/checksum';

/** Format of audit.json that this program writes. */
const AUDIT_FORMAT = 1;

/** Some 200 bytes a place. */
export const LARGEST_AUDIT = 1 << 20;

const AuditRecord = Audit.extend({ format: z.literal(AUDIT_FORMAT) });

/** The stack that every project begins with: its audit lies where the one of earlier formats does. */
export const FIRST_STACK = StackId.parse('stack-1');

export const auditPath = (project: string, stack: StackId): string =>
  join(project, stack === FIRST_STACK ? 'audit.json' : `audit-${stack}.json`);

export function encodeAudit(audit: Audit): Uint8Array {
  return new TextEncoder().encode(`${sealJson({ format: AUDIT_FORMAT, ...audit }, 0)}\n`);
}

/** Null when the file is damaged or of a later format. */
export function parseAudit(bytes: Uint8Array): Audit | null {
  const parsed = AuditRecord.safeParse(unsealJson(new TextDecoder().decode(bytes)));
  if (!parsed.success) return null;
  return Audit.parse(parsed.data);
}
