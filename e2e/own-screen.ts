/** The environment of the screen that this worker's windows are shown on: the second worker has one of its own where `npm test` made it. */
export function ownScreen(): Record<string, string> {
  const display = process.env['MEMBRANA_OTHER_DISPLAY'];
  if (process.env['TEST_PARALLEL_INDEX'] !== '1' || display === undefined) return {};
  return { DISPLAY: display, XAUTHORITY: process.env['MEMBRANA_OTHER_XAUTHORITY'] ?? '' };
}
