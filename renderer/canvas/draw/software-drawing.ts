let answer: boolean | undefined;

/** True where Chromium draws without a graphics card: a WebGL context that has to be fast is refused then. Asked once. */
export function drawnBySoftware(): boolean {
  answer ??= refusesFastContext();
  return answer;
}

function refusesFastContext(): boolean {
  const context = document
    .createElement('canvas')
    .getContext('webgl', { failIfMajorPerformanceCaveat: true });
  // A window has few of these contexts to give.
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context === null;
}
