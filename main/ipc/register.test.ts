import { describe, expect, it } from 'vitest';
import { channels } from '#contract/bridge';
import { commands, type CommandName } from '#contract/commands';
import { MembranaError } from '#contract/errors';
import { sliceMark } from '#contract/slice-marks';
import { silentLog } from '#main/diagnostics/log';
import type { Handlers } from './handlers';
import { registerCommands, type IpcRegistrar } from './register';
import { TrustedSenders, type Sender } from './trusted-senders';

const origin = 'membrana://app';
const page: Sender = { url: `${origin}/`, mainFrame: true, contents: 7 };
const names = Object.keys(commands) as CommandName[];

/** A door with handlers that write down that they were called. */
function door(over: Partial<Record<CommandName, (input: unknown) => unknown>> = {}) {
  const called: string[] = [];
  let answer: Parameters<IpcRegistrar['handle']>[1] | null = null;
  const handlers = Object.fromEntries(
    names.map((name) => [
      name,
      (input: unknown) => {
        called.push(name);
        return over[name]?.(input) ?? null;
      },
    ]),
  ) as unknown as Handlers;
  const senders = new TrustedSenders(origin);
  senders.add(page.contents);
  const close = registerCommands({
    registrar: {
      handle: (channel, given) => {
        expect(channel).toBe(channels.invoke);
        answer = given;
        return () => (answer = null);
      },
    },
    senders,
    handlers,
    log: silentLog,
    checkAnswers: true,
  });
  const invoke = async (sender: Sender, ...args: unknown[]) => {
    if (answer === null) throw new Error('the door is closed');
    return (await answer(sender, args)) as {
      ok: boolean;
      value?: unknown;
      error?: { code: string; hint: string; message: string };
    };
  };
  return { called, invoke, close };
}

const malformed: readonly unknown[] = [
  undefined,
  0,
  -1,
  NaN,
  '',
  'g-1',
  true,
  [],
  [null],
  { grant: '../../etc/passwd' },
  { grant: { id: 'g-1' } },
  { z: -1 },
  { stack: 's', z: 1.5 },
  { __proto__: { grant: 'g-1' } },
  new Map([['grant', 'g-1']]),
  Symbol('x'),
  () => null,
  new Uint8Array(3),
  { patch: [1, 2, 3] },
  { theme: 'pink' },
  { bytes: Infinity },
];

describe('the command door', () => {
  it.each(names)(
    'answers malformed input to %s with command.invalid-input and calls nothing',
    async (name) => {
      const { called, invoke } = door();
      const bad = malformed.filter((input) => !commands[name].input.safeParse(input).success);
      expect(bad.length).toBeGreaterThan(malformed.length / 2);
      for (const input of bad) {
        const answer = await invoke(page, name, input);
        expect(answer).toMatchObject({ ok: false, error: { code: 'command.invalid-input' } });
        expect(answer.error?.hint).not.toBe('');
      }
      expect(called).toEqual([]);
    },
  );

  it('says slices as the window counts them, in errors and in answers, and keeps the data', async () => {
    const { invoke } = door({
      'stack.statistics': () => {
        throw new MembranaError('stack.page-unreadable', `Slice ${sliceMark(0)} is torn.`, {
          hint: `Slices run from ${sliceMark(0)} to ${sliceMark(3)}.`,
          safe: `Slice ${sliceMark(1)} is kept.`,
          data: { slice: 0 },
        });
      },
      'jobs.list': () => [
        { id: 'job-1', kind: 'segment', title: `Segment slice ${sliceMark(2)}`, state: 'queued' },
      ],
    });
    expect(await invoke(page, 'stack.statistics', { stack: 'stack-1', z: 0 })).toMatchObject({
      error: {
        message: 'Slice 1 is torn.',
        hint: 'Slices run from 1 to 4.',
        safe: 'Slice 2 is kept.',
        data: { slice: 0 },
      },
    });
    expect(await invoke(page, 'jobs.list', null)).toMatchObject({
      value: [{ title: 'Segment slice 3' }],
    });
  });

  it('does not know other names, nor those that every object has', async () => {
    const { called, invoke } = door();
    for (const name of ['constructor', '__proto__', 'toString', 'app.quit', 5, null, undefined])
      expect(await invoke(page, name, null)).toMatchObject({
        ok: false,
        error: { code: 'command.unknown' },
      });
    expect(called).toEqual([]);
  });

  it.each<[string, Sender]>([
    ['another window', { ...page, contents: 8 }],
    ['a frame in our page', { ...page, mainFrame: false }],
    ['another origin', { ...page, url: 'https://example.org/' }],
    ['an origin that begins like ours', { ...page, url: 'membrana://app.example.org/' }],
    ['a frame that is gone', { ...page, url: '' }],
  ])('turns away %s', async (_, sender) => {
    const { called, invoke } = door();
    expect(await invoke(sender, 'app.info', null)).toMatchObject({
      ok: false,
      error: { code: 'command.untrusted-sender' },
    });
    expect(called).toEqual([]);
  });

  it('passes a typed error through and wraps any other', async () => {
    const { invoke } = door({
      'models.list': () => {
        throw new MembranaError('model.corrupt', 'Damaged.', { hint: 'Choose another.' });
      },
      'jobs.list': () => {
        throw new TypeError('of undefined');
      },
    });
    expect(await invoke(page, 'models.list', null)).toEqual({
      ok: false,
      error: { code: 'model.corrupt', message: 'Damaged.', hint: 'Choose another.', data: {} },
    });
    expect(await invoke(page, 'jobs.list', null)).toMatchObject({
      ok: false,
      error: { code: 'internal' },
    });
  });

  it('finds a handler that answers outside the contract', async () => {
    const { invoke } = door({ 'labels.append': () => ({ sequence: 'seven' }) });
    const at = { project: 'p-1', opening: 'o-1' };
    const { ok, error } = await invoke(page, 'labels.append', { at, patch: new Uint8Array(1) });
    expect(ok).toBe(false);
    expect(error?.code).toBe('internal');
    expect(error?.message).toContain('outside the contract at sequence');
  });

  it('hands over what was parsed, and nothing else', async () => {
    const inputs: unknown[] = [];
    const { invoke } = door({
      'job.cancel': (input) => {
        inputs.push(input);
        return null;
      },
    });
    expect(await invoke(page, 'job.cancel', { job: 'job-1', extra: 'x' })).toEqual({
      ok: true,
      value: null,
    });
    expect(inputs).toEqual([{ job: 'job-1' }]);
  });
});
