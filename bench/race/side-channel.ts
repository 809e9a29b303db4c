import { createInterface } from 'node:readline';

/** How a side of a race hears and answers its owner. */
export interface SideChannel {
  say(line: string): void;
  onWord(listener: () => void): void;
}

/** Electron's door to the parent of a utility process, which has no standard input. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: () => void): unknown;
}

function isParentPort(value: unknown): value is ParentPort {
  return typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value;
}

/** Messages in a utility process of Electron, lines under Node. */
export function sideChannel(): SideChannel {
  const port: unknown = Reflect.get(process, 'parentPort');
  if (isParentPort(port)) {
    return {
      say: (line) => {
        port.postMessage(line);
      },
      onWord: (listener) => {
        port.on('message', listener);
      },
    };
  }
  return {
    say: (line) => process.stdout.write(`${line}\n`),
    onWord: (listener) => {
      createInterface({ input: process.stdin }).on('line', listener);
    },
  };
}
