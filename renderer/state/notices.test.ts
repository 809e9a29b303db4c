import { describe, expect, it } from 'vitest';
import { NoticesState, type Schedule } from './notices.svelte';

/** A clock that the test moves. */
function clock(): { schedule: Schedule; pass: (seconds: number) => void } {
  const waiting = new Set<{ at: number; run: () => void }>();
  let now = 0;
  return {
    schedule: (run, seconds) => {
      const entry = { at: now + seconds, run };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
    pass: (seconds) => {
      now += seconds;
      for (const entry of [...waiting].filter((each) => each.at <= now)) {
        waiting.delete(entry);
        entry.run();
      }
    },
  };
}

const failure = (message: string) =>
  ({ code: 'disk.full', message, hint: 'Free some space.', data: {} }) as const;

describe('notices', () => {
  it('go by themselves when they are a line, and stay when they are a card', () => {
    const { schedule, pass } = clock();
    const notices = new NoticesState(schedule);
    notices.toast('Saved');
    notices.error(failure('full'));
    pass(60);
    expect(notices.toasts).toEqual([]);
    expect(notices.cards).toHaveLength(1);
  });

  it('wait while the pointer rests on them', () => {
    const { schedule, pass } = clock();
    const notices = new NoticesState(schedule);
    notices.toast('Read me slowly');
    const id = notices.toasts[0]?.id ?? 0;
    notices.hold(id);
    pass(60);
    expect(notices.toasts).toHaveLength(1);
    notices.release(id);
    pass(5);
    expect(notices.toasts).toEqual([]);
  });

  it('say the same thing once', () => {
    const notices = new NoticesState(clock().schedule);
    for (let i = 0; i < 5; i += 1) notices.error(failure('full'));
    notices.error(failure('another'));
    expect(notices.cards).toHaveLength(2);
  });

  it('never bury the picture: the oldest cards give way', () => {
    const notices = new NoticesState(clock().schedule);
    for (let i = 0; i < 9; i += 1) notices.error(failure(String(i)));
    const messages = notices.cards.map((card) => card.kind === 'error' && card.report.message);
    expect(messages).toEqual(['5', '6', '7', '8']);
  });

  it('keep files that did not open apart from the work, each once, the newest first', () => {
    const notices = new NoticesState(clock().schedule);
    for (const file of ['a', 'b', 'a']) notices.refuse(failure(file), 'home');
    expect(notices.cards).toEqual([]);
    expect(notices.unopened.map(({ message }) => message)).toEqual(['a', 'b']);
    notices.forgetUnopened(notices.unopened[0] ?? failure('none'));
    expect(notices.unopened.map(({ message }) => message)).toEqual(['b']);
    notices.refuse(failure('c'), 'project');
    expect(notices.cards).toHaveLength(1);
    expect(notices.unopened).toHaveLength(1);
  });

  it('of a project go with it; errors stay until they are read', () => {
    const notices = new NoticesState(clock().schedule);
    notices.error(failure('full'));
    notices.add({ kind: 'stack-notes', notes: ['short page'] });
    notices.leaveProject();
    expect(notices.list.map((notice) => notice.kind)).toEqual(['error']);
  });
});
