import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { consume } from '../../../services/shared/consume.ts';
import { formatBar } from '../../../services/subscriber/format-bar.ts';
import { createHandler, parseMessage } from '../../../services/subscriber/handler.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { broken, envelopeBody, exampleEvents } from '../../support/example-events.ts';
import { startTestQueues, type TestQueue, type TestQueues } from '../../support/test-queues.ts';

let database: TestDatabase;
let queues: TestQueues;
let queue: TestQueue;
let printed: string[];
beforeAll(async () => {
  [database, queues] = await Promise.all([createTestDatabase(), startTestQueues()]);
});
beforeEach(async () => {
  await database.db.query('truncate public.silver_21d');
  queue = queues.create();
  printed = [];
});
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});
afterAll(async () => {
  await Promise.all([database.drop(), queues.close()]);
});

const running: (() => Promise<void>)[] = [];

function start(print = (line: string) => void printed.push(line)): void {
  const stopping = new AbortController();
  const { queueUrl, deadLetterQueueUrl, logger } = queue;
  const ended = consume(
    { sqs: queues.sqs, queueUrl, deadLetterQueueUrl, logger },
    {
      parse: parseMessage,
      handle: createHandler({
        db: database.db,
        watched: new Set(['AAPL']),
        logger,
        print: (bar, days) => print(formatBar(bar, days)),
      }),
      signal: stopping.signal,
      waitTimeSeconds: 1,
      retryDelaySeconds: () => 0,
    },
  );
  running.push(async () => {
    stopping.abort();
    await ended;
  });
}

async function store(
  symbol: string,
  startDate: string,
  endDate: string,
  bars = 21,
  close = '4',
): Promise<void> {
  await database.db.query(
    `insert into public.silver_21d values ($1, $2, $3, 2, 5, 1.50, $5, 10, $4)
     on conflict (symbol, start_date) do update set close = excluded.close`,
    [symbol, startDate, endDate, bars, close],
  );
}

function updated(from: string | null, completedSymbols = ['AAPL', 'MSFT']): string {
  const { metadata, data } = exampleEvents.SilverUpdated;
  return envelopeBody('SilverUpdated', {
    metadata,
    data: { ...data, from, completedSymbols, symbols: ['AAPL', 'MSFT'] },
  });
}

const drained = () =>
  vi.waitFor(() => expect(queue.counts()).toMatchObject({ ready: 0, inFlight: 0 }), { timeout: 15_000 });

const march = 'completed AAPL 21d 2018-03-26 … 2018-04-24 open 2 high 5 low 1.50 close 4 volume 10';
const april = march.replace('2018-03-26 … 2018-04-24', '2018-04-25 … 2018-05-23');

test('prints the completed bars of the symbols that it watches, from the table that the event names', async () => {
  await store('AAPL', '2018-02-22', '2018-03-23');
  await store('AAPL', '2018-03-26', '2018-04-24');
  await store('AAPL', '2018-04-25', '2018-05-02', 6);
  await store('MSFT', '2018-03-26', '2018-04-24');
  await queue.send(updated('2018-03-26'));
  start();
  await drained();
  expect(printed).toEqual([march]);
});

test('duplicate: prints a bar once however often it is told of', async () => {
  await store('AAPL', '2018-03-26', '2018-04-24');
  for (let i = 0; i < 3; i++) await queue.send(updated('2018-03-26'));
  start();
  await drained();
  await queue.send(updated('2018-03-26'));
  await drained();
  expect(printed).toEqual([march]);
});

test('out of order and late: an older event after a newer one repeats nothing and skips nothing', async () => {
  await store('AAPL', '2018-03-26', '2018-04-24');
  await store('AAPL', '2018-04-25', '2018-05-23');
  start();
  await queue.send(updated('2018-04-25'));
  await drained();
  await queue.send(updated('2018-03-26'));
  await drained();
  expect(printed).toEqual([april, march]);
});

test('prints a completed bar again when its values were corrected', async () => {
  start();
  await store('AAPL', '2018-03-26', '2018-04-24');
  await queue.send(updated('2018-03-26'));
  await drained();
  await store('AAPL', '2018-03-26', '2018-04-24', 21, '3');
  await queue.send(updated('2018-03-26'));
  await drained();
  expect(printed).toEqual([march, march.replace('close 4', 'close 3')]);
});

test('poison: a message that breaks its contract is dead-lettered with the reason', async () => {
  await store('AAPL', '2018-03-26', '2018-04-24');
  await queue.send(envelopeBody('SilverUpdated', broken('SilverUpdated', ['data', 'interval'], 'x')));
  await queue.send(envelopeBody('BarsIngested', exampleEvents.BarsIngested));
  await queue.send(updated('2018-03-26'));
  start();
  await drained();
  expect(printed).toEqual([march]);
  expect(await queue.deadLetters()).toHaveLength(2);
});

test('crash after write: a handler that dies after it printed does not print again', async () => {
  await store('AAPL', '2018-03-26', '2018-04-24');
  await store('AAPL', '2018-04-25', '2018-05-23');
  await queue.send(updated('2018-03-26'));
  let crashes = 1;
  start((line) => {
    if (line === april && crashes-- > 0) throw new Error('the disk is full');
    printed.push(line);
  });
  await vi.waitFor(() => expect(printed).toContain(april), { timeout: 15_000 });
  await drained();
  expect(printed).toEqual([march, april]);
});
