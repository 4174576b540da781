import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EventOf } from '../../../events/any-event.ts';
import { newEvent } from '../../../events/new-event.ts';
import { writeOutbox } from '../../../services/shared/outbox.ts';
import { publishOutbox } from '../../../services/shared/publish-outbox.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import {
  type ScriptedEventBridge,
  type SentEntry,
  startScriptedEventBridge,
} from '../../support/scripted-event-bridge.ts';

let database: TestDatabase;
let bus: ScriptedEventBridge;
let log: { msg: string; reason?: string }[] = [];
const logger = pino({}, { write: (line) => log.push(JSON.parse(line) as (typeof log)[number]) });
const never = new AbortController().signal;

beforeAll(async () => {
  database = await createTestDatabase();
  bus = await startScriptedEventBridge();
});
afterAll(async () => {
  await bus.close();
  await database.drop();
});
beforeEach(async () => {
  await database.db.query('truncate ops.outbox');
  bus.requests.length = 0;
  bus.script(() => null);
  log = [];
});

function failedEvent(reason = 'x'): EventOf<'ResampleFailed'> {
  return newEvent('ResampleFailed', {
    data: { jobId: randomUUID(), batchJobId: null, intervals: [3], symbolCount: 1, attempts: 1, reason },
    correlationId: randomUUID(),
    cause: 'live',
    producer: 'dispatcher',
    idempotencyKey: randomUUID(),
  });
}

async function write(events: EventOf<'ResampleFailed'>[]): Promise<string[]> {
  await database.db.transaction((client) => writeOutbox(client, events));
  return events.map(({ detail }) => detail.metadata.id);
}

const some = (count: number) => Array.from({ length: count }, () => failedEvent());
const publish = (signal = never, db = database.db) =>
  publishOutbox({ db, eventBridge: bus.client, busName: 'bus', logger }, { signal });
const idOf = (entry: SentEntry) =>
  (JSON.parse(entry.Detail) as EventOf<'ResampleFailed'>['detail']).metadata.id;
const sentIds = () => bus.requests.flat().map(idOf);
const rows = () =>
  database.db.query<{ event_id: string; published: boolean; attempts: number; last_error: string | null }>(
    'select event_id, published_at is not null as published, attempts, last_error from ops.outbox order by id',
  );

test('publishes what was written, word for word, and then nothing', async () => {
  const event = failedEvent('café');
  await write([event]);
  expect(await publish()).toEqual({ published: 1, failed: 0 });
  expect(bus.requests).toEqual([
    [
      {
        EventBusName: 'bus',
        Source: 'fibonacci-bars',
        DetailType: 'ResampleFailed',
        Detail: JSON.stringify(event.detail),
        Time: expect.any(Number),
      },
    ],
  ]);
  expect(await publish()).toEqual({ published: 0, failed: 0 });
  expect(await rows()).toMatchObject([{ published: true, attempts: 1, last_error: null }]);
});

test('writes nothing when the transaction rolls back', async () => {
  const work = database.db.transaction(async (client) => {
    await writeOutbox(client, some(2));
    throw new Error('changed my mind');
  });
  await expect(work).rejects.toThrow('changed my mind');
  expect(await rows()).toEqual([]);
});

test('refuses the same event twice', async () => {
  const event = failedEvent();
  await write([event]);
  await expect(write([event])).rejects.toMatchObject({ code: '23505' });
});

test('sends thousands of events in full requests, several under way at once', async () => {
  const ids = await write(some(3_000));
  bus.script(async () => {
    await sleep(15);
    return null;
  });
  expect(await publish()).toEqual({ published: 3_000, failed: 0 });
  expect(sentIds().toSorted()).toEqual(ids.toSorted());
  expect(bus.requests.every((request) => request.length === 10)).toBe(true);
  expect(bus.mostInFlight()).toBe(4);
});

test('sends entries that failed again, and those alone', async () => {
  const ids = await write(some(10));
  const [third, seventh] = [ids[2], ids[6]];
  const failing = new Map([
    [third, ['InternalFailure']],
    [seventh, ['ThrottlingException', 'InternalFailure']],
  ]);
  bus.script((entry) => failing.get(idOf(entry))?.shift() ?? null);
  expect(await publish()).toEqual({ published: 10, failed: 0 });
  expect(bus.requests.map((request) => request.map(idOf))).toEqual([ids, [third, seventh], [seventh]]);
  expect((await rows()).map(({ attempts }) => attempts)).toEqual([1, 1, 2, 1, 1, 1, 3, 1, 1, 1]);
});

test('sends a throttled request again', async () => {
  await write(some(3));
  let times = 0;
  bus.script(
    () => null,
    () => (times++ < 2 ? 'ThrottlingException' : null),
  );
  expect(await publish()).toEqual({ published: 3, failed: 0 });
  expect(bus.requests.map((request) => request.length)).toEqual([3, 3, 3]);
});

describe('an event that can never be accepted', () => {
  test('because it is too large does not block the others, and says so', async () => {
    const ids = await write([failedEvent(), failedEvent('x'.repeat(262_144)), failedEvent()]);
    expect(await publish()).toEqual({ published: 2, failed: 1 });
    expect(sentIds()).toEqual([ids[0], ids[2]]);
    const [, large] = await rows();
    expect(large).toMatchObject({
      published: false,
      attempts: 0,
      last_error: expect.stringMatching(
        /^The event has 262\d{3} bytes, EventBridge takes 262143: split it into several$/,
      ),
    });
    expect(log).toMatchObject([{ reason: large?.last_error }]);
  });

  test('because its answer says so is not sent twice in a run, and is published once repaired', async () => {
    const ids = await write(some(3));
    bus.script((entry) => (idOf(entry) === ids[1] ? 'MalformedDetail' : null));
    expect(await publish()).toEqual({ published: 2, failed: 1 });
    expect(bus.requests).toHaveLength(1);
    expect((await rows())[1]).toMatchObject({ published: false, last_error: 'MalformedDetail: scripted' });
    bus.script(() => null);
    expect(await publish()).toEqual({ published: 1, failed: 0 });
    expect((await rows())[1]).toMatchObject({ published: true, last_error: null });
  });

  test('is found when the whole request is refused for its sake', async () => {
    const ids = await write(some(4));
    bus.script(
      () => null,
      (entries) => (entries.some((entry) => idOf(entry) === ids[2]) ? 'ValidationException' : null),
    );
    expect(await publish()).toEqual({ published: 3, failed: 1 });
    expect((await rows()).map(({ published }) => published)).toEqual([true, true, false, true]);
  });
});

test('gives up when the bus is away, says why, and leaves all to the next call', async () => {
  await write(some(250));
  const away = await startScriptedEventBridge();
  await away.close();
  const result = await publishOutbox(
    { db: database.db, eventBridge: away.client, busName: 'bus', logger },
    { signal: never },
  );
  // Four requests were under way when the first gave up.
  expect(result).toEqual({ published: 0, failed: 40 });
  expect(log).toMatchObject([
    { failed: 40, reason: expect.stringMatching(/ECONNREFUSED|socket|destroyed/i) },
  ]);
  expect(await publish()).toEqual({ published: 250, failed: 0 });
});

test('when aborted finishes and marks what is under way, and sends no more', async () => {
  await write(some(400));
  const controller = new AbortController();
  bus.script(async () => {
    controller.abort();
    await sleep(50);
    return null;
  });
  const { published, failed } = await publish(controller.signal);
  expect(failed).toBe(0);
  expect(published).toBe(sentIds().length);
  expect(published).toBeLessThanOrEqual(40);
  expect((await rows()).filter((row) => row.published)).toHaveLength(published);
});

test('after a crash between sending and marking sends the same ids again', async () => {
  const ids = await write(some(10));
  const crashing = {
    ...database.db,
    transaction: (work: Parameters<typeof database.db.transaction>[0]) =>
      database.db.transaction(async (client) => {
        await work(client);
        throw new Error('crash');
      }),
  } as typeof database.db;
  await expect(publish(never, crashing)).rejects.toThrow('crash');
  expect(sentIds()).toEqual(ids);
  expect(await publish()).toEqual({ published: 10, failed: 0 });
  expect(sentIds()).toEqual([...ids, ...ids]);
});

test('sends the batch again when its connection is lost before the marking', async () => {
  const ids = await write(some(5));
  let killed = false;
  bus.script(async () => {
    if (!killed) {
      killed = true;
      await database.db.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction' and datname = current_database()`,
      );
    }
    return null;
  });
  expect(await publish()).toEqual({ published: 5, failed: 0 });
  expect(sentIds()).toEqual([...ids, ...ids]);
  expect((await rows()).every(({ published }) => published)).toBe(true);
});

test('two relays at once send every event once', async () => {
  const ids = await write(some(1_000));
  bus.script(async () => {
    await sleep(2);
    return null;
  });
  const [one, two] = await Promise.all([publish(), publish()]);
  expect(one.published + two.published).toBe(1_000);
  expect(Math.min(one.published, two.published)).toBeGreaterThan(0);
  expect(sentIds().toSorted()).toEqual(ids.toSorted());
});
