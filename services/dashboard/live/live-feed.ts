/**
 * Server-sent events to all pages that listen. Its invariant: a page that stays, or comes back naming the last event that it has,
 * gets every silver event once and in order, or a `reset` in place of those that it cannot be given.
 *
 *     ids    a3f-7  a3f-8  a3f-9 …       a3f is drawn anew whenever events may have been missed: older ids are then unknown
 *     kept          [ the last 1,000 ]
 *
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { LiveEvent } from '../api.ts';

export type SilverTold = Extract<LiveEvent, { kind: 'silver' }>;

export type FeedOptions = {
  /** Silver events to keep for those who come back. */
  readonly keep?: number;
  /** Bytes that may wait for a page that does not read, before it is dropped; it then comes back by itself. */
  readonly mostWaitingBytes?: number;
  readonly heartbeatMs?: number;
};

export type LiveFeed = {
  /** Keeps the response open and sends it what is told from now on, after what it missed since `lastEventId`. */
  join(response: ServerResponse, lastEventId: string | undefined): void;
  /** A silver event that was told before is not told again. */
  tell(event: LiveEvent): void;
  /** Events may have been missed: has all pages read everything again. */
  renew(): void;
  close(): void;
};

type Kept = { readonly number: number; readonly message: string };

/** Nobody waits long to come back, and a server that restarts is found soon. */
const retryMs = 1_000;

export function createLiveFeed(options: FeedOptions = {}): LiveFeed {
  const { keep = 1_000, mostWaitingBytes = 1_000_000, heartbeatMs = 15_000 } = options;
  const readers = new Set<ServerResponse>();
  let epoch = newEpoch();
  let number = 0;
  const kept: Kept[] = [];
  const keptIds = new Set<string>();

  function send(reader: ServerResponse, message: string): void {
    reader.write(message);
    if (reader.writableLength > mostWaitingBytes) drop(reader);
  }

  function drop(reader: ServerResponse): void {
    readers.delete(reader);
    reader.destroy();
  }

  function sendAll(message: string): void {
    for (const reader of readers) send(reader, message);
  }

  const here = () => `${epoch}-${number}`;
  const reset = () => messageOf({ kind: 'reset' }, here());

  function catchUp(lastEventId: string): string {
    const [, itsEpoch, itsNumber] = /^([0-9a-f]+)-(\d{1,15})$/.exec(lastEventId) ?? [];
    const missed = kept.filter((each) => each.number > Number(itsNumber));
    const isWhole = itsEpoch === epoch && number - Number(itsNumber) === missed.length;
    return isWhole ? missed.map(({ message }) => message).join('') : reset();
  }

  function keepSilver(event: SilverTold): string | undefined {
    // Delivery is at least once.
    if (keptIds.has(event.eventId)) return undefined;
    number++;
    const message = messageOf(event, here());
    kept.push({ number, message });
    keptIds.add(event.eventId);
    if (kept.length > keep) kept.shift();
    // They outlast `renew`: what was told before it is not told again.
    const [oldest] = keptIds;
    if (keptIds.size > keep && oldest !== undefined) keptIds.delete(oldest);
    return message;
  }

  const heartbeat = setInterval(() => sendAll(':\n\n'), heartbeatMs);
  heartbeat.unref();

  return {
    join(response, lastEventId) {
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // Or a proxy in between may wait for more.
        'x-accel-buffering': 'no',
      });
      response.once('close', () => readers.delete(response));
      readers.add(response);
      // An id without data is kept by the browser, and nothing is dispatched.
      const beginning = lastEventId === undefined ? `id: ${here()}\n\n` : catchUp(lastEventId);
      send(response, `retry: ${retryMs}\n\n${beginning}`);
    },
    tell(event) {
      const message = event.kind === 'silver' ? keepSilver(event) : messageOf(event);
      if (message !== undefined) sendAll(message);
    },
    renew() {
      epoch = newEpoch();
      kept.length = 0;
      sendAll(reset());
    },
    close() {
      clearInterval(heartbeat);
      for (const reader of readers) reader.end();
      readers.clear();
    },
  };
}

function newEpoch(): string {
  return randomBytes(6).toString('hex');
}

/** JSON has no line breaks of its own, so that one line of data takes it. */
function messageOf(event: LiveEvent, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
}
