import type { Pipe } from './transport';

/** What Electron adds to `process` inside a utility process. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
}

function isParentPort(value: unknown): value is ParentPort {
  return typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value;
}

/** The pipe to whoever started this process; throws when nobody did. */
export function ownPipe(): Pipe {
  const port: unknown = Reflect.get(process, 'parentPort');
  if (isParentPort(port)) {
    return {
      post: (message) => {
        port.postMessage(message);
      },
      onMessage: (listener) => {
        port.on('message', (event) => {
          listener(event.data);
        });
      },
      onClose: (listener) => {
        port.on('close', listener);
      },
    };
  }
  const send = process.send?.bind(process);
  if (!send) throw new Error('The compute process must be started by Membrana.');
  return {
    post: (message) => {
      if (process.connected) send(message);
    },
    onMessage: (listener) => {
      process.on('message', listener);
    },
    onClose: (listener) => {
      process.on('disconnect', listener);
    },
  };
}
