import type { Audit, AuditAnswer } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { writeFileAtomic } from './atomic-file';
import { auditPath, encodeAudit, LARGEST_AUDIT, parseAudit } from './audit-file';
import { readFileIfSound, type FileSystem } from './file-system';

/** The audit of a project, in audit.json: every answer is on the disk before it is acknowledged. */
export class AuditStore {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly files: FileSystem,
    private readonly project: string,
    private readonly mustWrite: () => void,
  ) {}

  /** Null where none was begun, or its file is damaged. */
  async read(): Promise<Audit | null> {
    const bytes = await readFileIfSound(this.files, auditPath(this.project), LARGEST_AUDIT);
    return bytes && parseAudit(bytes);
  }

  /** Takes the place of the audit before. @throws MembranaError project.read-only, disk.full, file.write-failed */
  begin(audit: Audit): Promise<Audit> {
    return this.inTurn(() => this.write(audit));
  }

  /** Keeps what was said of a place. @throws MembranaError audit.not-found, and as `begin` */
  answer(place: number, answer: AuditAnswer | null): Promise<Audit> {
    return this.inTurn(async () => {
      const audit = await this.read();
      if (!audit || place >= audit.places.length)
        throw new MembranaError('audit.not-found', 'This project has no audit with that place.', {
          hint: 'Draw new places, then answer them.',
        });
      const places = audit.places.map((one, i) => (i === place ? { ...one, answer } : one));
      return this.write({ ...audit, places });
    });
  }

  private async write(audit: Audit): Promise<Audit> {
    this.mustWrite();
    await writeFileAtomic(auditPath(this.project), encodeAudit(audit), { files: this.files });
    return audit;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }
}
