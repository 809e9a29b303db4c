import { expect, it } from 'vitest';
import { lastLine, tallyOfPlaywright, tallyOfVitest } from './tally.mjs';

it('counts tests that passed, failed and were left out', () => {
  const file = (status: string, ...statuses: string[]) => ({
    status,
    assertionResults: statuses.map((each) => ({ status: each, fullName: `a ${each} test` })),
  });
  const report = {
    testResults: [file('passed', 'passed', 'skipped'), file('failed', 'failed', 'passed')],
  };
  const tally = tallyOfVitest(report, 1);
  expect(lastLine(tally)).toBe('2 passed, 1 failed, 1 skipped');
  expect(tally.leftOut).toEqual(['a skipped test']);
});

it('counts a test file that could not be loaded as a failure', () => {
  const report = { testResults: [{ status: 'failed', assertionResults: [] }] };
  expect(lastLine(tallyOfVitest(report, 1))).toBe('0 passed, 1 failed');
});

it('counts a crash without a report, and a run without tests, as a failure', () => {
  expect(lastLine(tallyOfVitest(undefined, 1))).toBe('0 passed, 1 failed');
  expect(lastLine(tallyOfVitest({ testResults: [] }, 0))).toBe('0 passed, 1 failed');
  expect(lastLine(tallyOfPlaywright(undefined, 127))).toBe('0 passed, 1 failed');
});

it('counts an unhandled error after passing tests as a failure', () => {
  const report = {
    testResults: [{ status: 'passed', assertionResults: [{ status: 'passed', fullName: 'one' }] }],
  };
  expect(lastLine(tallyOfVitest(report, 1))).toBe('1 passed, 1 failed');
});

it('counts stories in nested suites; one that passed only when tried again has failed', () => {
  const spec = (title: string, status: string) => ({ title, tests: [{ status }] });
  const report = {
    suites: [
      {
        specs: [spec('opens a stack', 'expected')],
        suites: [{ specs: [spec('paints', 'flaky'), spec('trains', 'skipped')] }],
      },
    ],
  };
  const tally = tallyOfPlaywright(report, 0);
  expect(lastLine(tally)).toBe('1 passed, 1 failed, 1 skipped');
  expect(tally.leftOut).toEqual(['trains']);
});
