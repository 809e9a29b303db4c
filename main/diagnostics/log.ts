/** Facts of a log line. Never pixels; a path is cut to its last name by the log itself. */
export type LogFacts = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where services write down what happened. The transport (a rotating file, the terminal, nothing) is the caller's. */
export interface Log {
  info(what: string, facts?: LogFacts): void;
  warn(what: string, facts?: LogFacts): void;
  error(what: string, facts?: LogFacts): void;
}

export const silentLog: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const ABSOLUTE_PATH =
  /(?:file:\/\/|\\\\)?(?:[A-Za-z]:)?(?:[\\/][^\\/\s"'`:*?<>|()]+)+[\\/]([^\\/\s"'`:*?<>|()]+)/g;

/** Cuts every path in a text to its last name: who keeps data where is nobody's business. */
export function withoutPaths(text: string): string {
  return text.replace(ABSOLUTE_PATH, '…/$1');
}

/** One line of text: what happened, then its facts as key=value. */
export function logLine(what: string, facts: LogFacts = {}): string {
  const told = Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        `${key}=${typeof value === 'string' ? JSON.stringify(value) : String(value)}`,
    );
  return withoutPaths([what, ...told].join(' ')).replace(/[\r\n]+/g, ' ⏎ ');
}
