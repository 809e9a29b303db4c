import { join } from 'node:path';
import type { Audit, AuditAnswer } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { StackId } from '#contract/ids';
import { renameWithPatience, writeFileAtomic } from '../../storage/atomic-file';
import { auditPath, encodeAudit, LARGEST_AUDIT, parseAudit } from './audit-file';
import { readFileIfSound, type FileSystem } from '../../storage/file-system';
import { writeFailure } from '../../storage/write-errors';

/** What lies in a project of an audit. damaged: also a file of a later version of Membrana. */
export type KeptAudit =
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'kept'; readonly audit: Audit };

/** The audit of a stack of a project, in a file of its own: every answer is on the disk before it is acknowledged. */
export class AuditStore {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly files: FileSystem,
    private readonly project: string,
    private readonly stack: StackId,
    private readonly assertWritable: () => void,
  ) {}

  /** What lies there. */
  async read(): Promise<KeptAudit> {
    const path = auditPath(this.project, this.stack);
    if ((await this.files.status(path)) === null) return { kind: 'none' };
    const bytes = await readFileIfSound(this.files, path, LARGEST_AUDIT);
    const audit = bytes && parseAudit(bytes);
    return audit ? { kind: 'kept', audit } : { kind: 'damaged' };
  }

  /** Takes the place of the audit before; one that is damaged is kept beside it. @throws MembranaError project.read-only, disk.full, file.write-failed */
  begin(audit: Audit): Promise<Audit> {
    return this.inTurn(async () => {
      this.assertWritable();
      if ((await this.read()).kind === 'damaged') await this.keepDamaged();
      return this.write(audit);
    });
  }

  /** Keeps what was said of a place. @throws MembranaError audit.not-found, and as `begin` */
  answer(place: number, answer: AuditAnswer | null): Promise<Audit> {
    return this.inTurn(async () => {
      const kept = await this.read();
      if (kept.kind !== 'kept' || place >= kept.audit.places.length)
        throw new MembranaError('audit.not-found', 'This project has no audit with that place.', {
          hint: 'Draw new places, then answer them.',
        });
      const { audit } = kept;
      const places = audit.places.map((one, i) => (i === place ? { ...one, answer } : one));
      return this.write({ ...audit, places });
    });
  }

  /** Somebody's answers may be in it. */
  private async keepDamaged(): Promise<void> {
    const path = auditPath(this.project, this.stack);
    for (let number = 1; ; number += 1) {
      const aside = join(this.project, `audit-damaged-${String(number)}.json`);
      if ((await this.files.status(aside)) !== null) continue;
      try {
        await renameWithPatience(this.files, path, aside);
      } catch (error) {
        throw writeFailure(path, error);
      }
      return;
    }
  }

  private async write(audit: Audit): Promise<Audit> {
    this.assertWritable();
    await writeFileAtomic(auditPath(this.project, this.stack), encodeAudit(audit), {
      files: this.files,
    });
    return audit;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }
}
