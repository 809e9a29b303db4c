/**
 * Counts of one run of the tests, and the titles of what was left out.
 * @typedef {{ passed: number, failed: number, skipped: number, leftOut: string[] }} Tally
 */

/** @returns {Tally} */
export function emptyTally() {
  return { passed: 0, failed: 0, skipped: 0, leftOut: [] };
}

export function add(total, part) {
  total.passed += part.passed;
  total.failed += part.failed;
  total.skipped += part.skipped ?? 0;
  total.leftOut.push(...(part.leftOut ?? []));
}

/** The last line of `npm test`. */
export function lastLine({ passed, failed, skipped }) {
  const counts = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? counts : `${counts}, ${skipped} skipped`;
}

/**
 * Counts of vitest's JSON report. A file that could not be loaded has no
 * tests; it counts as one failure.
 */
export function tallyOfVitest(report, code) {
  const tally = emptyTally();
  for (const file of report?.testResults ?? []) {
    if (
      file.status === 'failed' &&
      !file.assertionResults.some((each) => each.status === 'failed')
    ) {
      tally.failed += 1;
    }
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed') tally.passed += 1;
      else if (status === 'failed') tally.failed += 1;
      else {
        tally.skipped += 1;
        tally.leftOut.push(fullName);
      }
    }
  }
  return settled(tally, code);
}

/** Counts of Playwright's JSON report; a story that passed only when tried again has failed. */
export function tallyOfPlaywright(report, code) {
  const tally = emptyTally();
  const visit = (suite) => {
    for (const spec of suite.specs ?? []) {
      for (const { status } of spec.tests) {
        if (status === 'expected') tally.passed += 1;
        else if (status === 'skipped') {
          tally.skipped += 1;
          tally.leftOut.push(spec.title);
        } else tally.failed += 1;
      }
    }
    suite.suites?.forEach(visit);
  };
  report?.suites?.forEach(visit);
  return settled(tally, code);
}

/**
 * A stage that ended badly without a failed test has crashed: one failure. So has one that ran nothing.
 * @param {Tally} tally
 */
function settled(tally, code) {
  const ran = tally.passed + tally.failed + tally.skipped > 0;
  if (tally.failed === 0 && (code !== 0 || !ran)) tally.failed = 1;
  return tally;
}
