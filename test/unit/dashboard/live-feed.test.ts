import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import type { LiveEvent } from '../../../services/dashboard/api.ts';
import {
  createLiveFeed,
  type FeedOptions,
  type LiveFeed,
} from '../../../services/dashboard/live/live-feed.ts';

let feed: LiveFeed;
afterEach(() => {
  feed.close();
  vi.useRealTimers();
});

function startFeed(options?: FeedOptions): LiveFeed {
  feed = createLiveFeed(options);
  return feed;
}

/** What a browser makes of the stream; `reads: false` for one that takes nothing off it. */
function join(lastEventId?: string, { reads = true } = {}) {
  let text = '';
  const response = Object.assign(new EventEmitter(), {
    destroyed: false,
    writableLength: 0,
    writeHead: () => response,
    write(chunk: string) {
      text += chunk;
      if (!reads) response.writableLength += chunk.length;
      return reads;
    },
    end: () => response.destroy(),
    destroy() {
      response.destroyed = true;
      response.emit('close');
    },
  });
  feed.join(response as unknown as ServerResponse, lastEventId);
  return {
    response,
    text: () => text,
    lastId: () =>
      text
        .match(/^id: .*$/gm)
        ?.at(-1)
        ?.slice(4),
    events: () =>
      [...text.matchAll(/^event: (.*)\ndata: (.*)\n\n/gm)].map(([, kind, data]) => {
        const event = JSON.parse(data ?? '') as LiveEvent;
        expect(event.kind).toBe(kind);
        return event.kind === 'silver' ? event.eventId : event.kind;
      }),
  };
}

const silver = (eventId: string, symbols = ['AAPL']): LiveEvent => ({
  kind: 'silver',
  eventId,
  interval: 3,
  symbols,
  completedSymbols: [],
  fromDay: '2024-01-02',
  changedRows: 1,
  cause: 'live',
  correlationId: 'c',
  occurredAt: '2024-01-02T21:00:00Z',
});

test('whoever listens hears each event once, also when it comes twice', () => {
  startFeed();
  const reader = join();
  for (const id of ['a', 'b', 'a']) feed.tell(silver(id));
  expect(reader.events()).toEqual(['a', 'b']);
});

test('whoever comes back naming the last event gets those after it, and no reset', () => {
  startFeed();
  const before = join();
  feed.tell(silver('a'));
  const last = before.lastId();
  before.response.destroy();
  feed.tell(silver('b'));
  feed.tell(silver('c'));
  expect(before.events()).toEqual(['a']);
  const after = join(last);
  expect(after.events()).toEqual(['b', 'c']);
  feed.tell(silver('d'));
  expect(after.events()).toEqual(['b', 'c', 'd']);
  expect(join(after.lastId()).events()).toEqual([]);
});

test('an id is there to come back with before anything has happened', () => {
  startFeed();
  const last = join().lastId();
  feed.tell(silver('a'));
  expect(join(last).events()).toEqual(['a']);
});

test('whoever missed more than is kept, or comes with an unknown id, reads everything again', () => {
  startFeed({ keep: 3 });
  const last = join().lastId();
  for (const id of ['a', 'b', 'c']) feed.tell(silver(id));
  expect(join(last).events()).toEqual(['a', 'b', 'c']);
  feed.tell(silver('d'));
  const late = join(last);
  expect(late.events()).toEqual(['reset']);
  feed.tell(silver('e'));
  expect(late.events()).toEqual(['reset', 'e']);
  expect(join(late.lastId()).events()).toEqual([]);
  const [epoch] = (late.lastId() ?? '').split('-');
  for (const id of ['', 'x', 'ffffffffffff-1', `${epoch}-999`, `${epoch}--1`, `${epoch}-1e3`]) {
    expect(join(id).events()).toEqual(['reset']);
  }
});

test('after a renewal all read everything again, and old ids are unknown', () => {
  startFeed();
  const reader = join();
  feed.tell(silver('a'));
  const last = reader.lastId();
  feed.renew();
  expect(reader.events()).toEqual(['a', 'reset']);
  expect(join(last).events()).toEqual(['reset']);
  expect(join(reader.lastId()).events()).toEqual([]);
});

test('a reader who takes nothing is dropped, and the others go on', () => {
  startFeed({ mostWaitingBytes: 10_000 });
  const slow = join(undefined, { reads: false });
  const quick = join();
  const symbols = Array.from({ length: 100 }, (_, at) => `S${at}`);
  for (let at = 0; at < 50; at++) feed.tell(silver(`event ${at}`, symbols));
  expect(slow.response.destroyed).toBe(true);
  expect(slow.text().length).toBeLessThan(12_000);
  expect(quick.events()).toHaveLength(50);
});

test('counts and acts have no id, and are not kept', () => {
  startFeed();
  const reader = join();
  const last = reader.lastId();
  feed.tell({ kind: 'act', act: {} as never });
  expect(reader.events()).toEqual(['act']);
  expect(reader.lastId()).toBe(last);
  expect(join(last).events()).toEqual([]);
});

test('a comment keeps the connection alive', () => {
  vi.useFakeTimers();
  startFeed({ heartbeatMs: 1_000 });
  const reader = join();
  const before = reader.text();
  vi.advanceTimersByTime(2_000);
  expect(reader.text().slice(before.length)).toBe(':\n\n:\n\n');
});
