import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { LiveEvent } from '../../../services/dashboard/api.ts';

export type Heard = { readonly event: LiveEvent; readonly atMs: number };

export type EventStream = {
  /** Resolves with the status when the answer begins, as EventSource's `open`. */
  readonly opened: Promise<number>;
  readonly heard: readonly Heard[];
  /** Of the kind, so far. */
  of<Kind extends LiveEvent['kind']>(kind: Kind): Extract<LiveEvent, { kind: Kind }>[];
  /** As a browser names it when it comes back. */
  lastEventId(): string | undefined;
  /** Resolves when the server has ended or cut the connection. */
  readonly ended: Promise<void>;
  close(): void;
};

/** Listens as a browser does, without coming back by itself. */
export function listen(url: string, lastEventId?: string): EventStream {
  const heard: Heard[] = [];
  let last = lastEventId;
  const opened = Promise.withResolvers<number>();
  const ended = Promise.withResolvers<void>();
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const request = get(new URL('/api/live', url), { headers }, (response) => {
    opened.resolve(response.statusCode ?? 0);
    let rest = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (rest + chunk).split('\n\n');
      rest = messages.pop() ?? '';
      for (const message of messages) {
        const fields = new Map(
          message.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]),
        );
        last = fields.get('id') ?? last;
        const data = fields.get('data');
        if (data !== undefined) heard.push({ event: JSON.parse(data) as LiveEvent, atMs: performance.now() });
      }
    });
    response.once('close', () => ended.resolve());
  });
  request.once('error', (error) => {
    opened.reject(error);
    ended.resolve();
  });
  const close = () => void request.destroy();
  onTestFinished(close);
  // A test may be after the end alone.
  opened.promise.catch(() => {});
  return {
    opened: opened.promise,
    heard,
    of: <Kind extends LiveEvent['kind']>(kind: Kind) =>
      heard.flatMap(({ event }) =>
        event.kind === kind ? [event as Extract<LiveEvent, { kind: Kind }>] : [],
      ),
    lastEventId: () => last,
    ended: ended.promise,
    close,
  };
}

/** Waits for something to become true, up to 45 s: a machine may be busy. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 45_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`never: ${condition.toString()}`);
    await sleep(10);
  }
}
