import type { JobResult, RecoveryReport } from '#contract/entities';
import type { ErrorReport } from '#contract/errors';
import type { GrantId } from '#contract/ids';

/** An error as the contract's schemas give it; `safe` may be there and undefined. */
export type ErrorFacts = Omit<ErrorReport, 'safe'> & { readonly safe?: string | undefined };

type Tone = 'neutral' | 'good' | 'warning';
type Of<K extends JobResult['kind']> = Extract<JobResult, { kind: K }>;

/** What a notice says; toasts and what needs no answer go by themselves. */
export type NoticeContent =
  | { readonly kind: 'toast'; readonly tone: Tone; readonly text: string }
  | { readonly kind: 'error'; readonly report: ErrorFacts }
  | { readonly kind: 'segmented'; readonly result: Of<'segmented'> }
  | { readonly kind: 'trained'; readonly result: Of<'trained'> }
  | { readonly kind: 'stepped-down'; readonly remarks: readonly string[] }
  | { readonly kind: 'exported'; readonly result: Of<'exported'> }
  | { readonly kind: 'recovered'; readonly report: RecoveryReport }
  | { readonly kind: 'stack-notes'; readonly notes: readonly string[] }
  | { readonly kind: 'other-file'; readonly name: string; readonly grant: GrantId }
  | { readonly kind: 'source'; readonly state: 'missing' | 'changed'; readonly name: string };

export type Notice = NoticeContent & { readonly id: number };

/** Cards that would say the same thing; the newer replaces the older. */
function topic(content: NoticeContent): string {
  switch (content.kind) {
    case 'toast':
      return `toast ${content.text}`;
    case 'error':
      return `error ${content.report.code} ${content.report.message}`;
    default:
      return content.kind;
  }
}

/** Long enough to read one line twice; two lines. Others stay until dismissed. */
const TOAST_SECONDS = 4;
const SEGMENTED_SECONDS = 12;

function lifetime(content: NoticeContent): number | null {
  switch (content.kind) {
    case 'toast':
      return TOAST_SECONDS;
    case 'segmented':
      return content.result.skipped.length === 0 ? SEGMENTED_SECONDS : null;
    default:
      return null;
  }
}

const MOST_TOASTS = 2;
const MOST_CARDS = 4;

export type Schedule = (run: () => void, seconds: number) => () => void;

const timeout: Schedule = (run, seconds) => {
  const timer = setTimeout(run, seconds * 1000);
  return () => {
    clearTimeout(timer);
  };
};

/** Toasts and cards, newest last. */
export class NoticesState {
  list = $state.raw<readonly Notice[]>([]);
  readonly toasts = $derived(this.list.filter((notice) => notice.kind === 'toast'));
  readonly cards = $derived(this.list.filter((notice) => notice.kind !== 'toast'));
  /** Files that could not be opened while nothing was open; Home tells of them in a place of their own. */
  unopened = $state.raw<readonly ErrorFacts[]>([]);
  readonly #schedule: Schedule;
  readonly #timers = new Map<number, () => void>();
  #next = 1;

  constructor(schedule: Schedule = timeout) {
    this.#schedule = schedule;
  }

  add(content: NoticeContent): number {
    for (const old of this.list) if (topic(old) === topic(content)) this.dismiss(old.id);
    const id = this.#next;
    this.#next += 1;
    this.list = [...this.list, { ...content, id }];
    const [group, most] =
      content.kind === 'toast' ? [this.toasts, MOST_TOASTS] : [this.cards, MOST_CARDS];
    for (const old of group.slice(0, Math.max(0, group.length - most))) this.dismiss(old.id);
    this.#expire(id, content);
    return id;
  }

  toast(text: string, tone: Tone = 'neutral'): void {
    this.add({ kind: 'toast', tone, text });
  }

  error(report: ErrorFacts): void {
    this.add({ kind: 'error', report });
  }

  /** A file could not be opened: told where the person is. */
  refuse(report: ErrorFacts, where: 'home' | 'project'): void {
    if (where === 'project') {
      this.error(report);
      return;
    }
    const others = this.unopened.filter(({ message }) => message !== report.message);
    this.unopened = [report, ...others].slice(0, MOST_CARDS);
  }

  forgetUnopened(report: ErrorFacts): void {
    this.unopened = this.unopened.filter((one) => one !== report);
  }

  dismiss(id: number): void {
    this.#timers.get(id)?.();
    this.#timers.delete(id);
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  /** Takes all cards away; toasts go by themselves. */
  dismissCards(): void {
    for (const { id } of this.cards) this.dismiss(id);
  }

  /** Drops what belonged to a project that is closed; errors stay until read. */
  leaveProject(): void {
    for (const notice of this.list) if (notice.kind !== 'error') this.dismiss(notice.id);
  }

  /** Keeps toasts while the pointer rests on them. */
  hold(id: number): void {
    this.#timers.get(id)?.();
    this.#timers.delete(id);
  }

  release(id: number): void {
    const notice = this.list.find((one) => one.id === id);
    if (notice) this.#expire(id, notice);
  }

  #expire(id: number, content: NoticeContent): void {
    const seconds = lifetime(content);
    if (seconds === null) return;
    this.#timers.set(
      id,
      this.#schedule(() => {
        this.dismiss(id);
      }, seconds),
    );
  }
}
