/** The services against a local cloud that another process serves, as they run against AWS. */
import { join } from 'node:path';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type AwsClients, createAwsClients } from '../../../services/shared/aws-clients.ts';
import { readAwsConfig } from '../../../services/shared/aws-config.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { exampleEvents } from '../../support/example-events.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';
import { writeDayFiles } from './day-files.ts';
import { createWorkspace, type Running, type Workspace } from './workspace.ts';

type Variables = Record<
  'AWS_ENDPOINT_URL' | 'FIBBARS_BUS' | 'FIBBARS_QUEUE_URL' | 'FIBBARS_DEAD_LETTER_QUEUE_URL',
  string
>;

let workspace: Workspace;
let database: TestDatabase;
let cloud: Running;
let variables: Variables;
let aws: AwsClients;
let dispatcher: Running;
let subscriber: Running;

beforeAll(async () => {
  workspace = await createWorkspace();
  database = await createTestDatabase();
  const settings = { DATABASE_URL: database.url, LOG_LEVEL: 'warn' };
  cloud = workspace.startService('local', ['--directory', join(workspace.scratch, 'cloud')], settings);
  await vi.waitFor(() => expect(cloud.stdout()).toMatch(/^http.*\n/), { timeout: 30_000 });
  const AWS_ENDPOINT_URL = cloud.stdout().trim();
  const initialised = await workspace.run(['cloud-init', '--json'], { AWS_ENDPOINT_URL });
  expect(initialised).toMatchObject({ code: 0, stderr: '' });
  variables = {
    ...settings,
    ...(JSON.parse(initialised.stdout) as { variables: Variables }).variables,
  };
  expect(variables.AWS_ENDPOINT_URL).toBe(AWS_ENDPOINT_URL);
  aws = createAwsClients(readAwsConfig({ AWS_ENDPOINT_URL }));
  dispatcher = workspace.startService('dispatcher', [], variables);
  subscriber = workspace.startService('subscriber', [], variables);
}, 90_000);
afterAll(async () => {
  aws.destroy();
  await workspace.remove();
  await database.drop();
}, 60_000);

async function fetchDays(name: string, from: string, days: number, symbols: readonly string[]) {
  const files = await writeDayFiles(join(workspace.scratch, name), { days, symbols, from });
  const fetcher = workspace.startService(
    'fetcher',
    ['--source', 'flatfiles', '--path', files.path],
    variables,
  );
  expect(await fetcher.exit).toMatchObject({ code: 0, stderr: '' });
  return files.days;
}

async function untilNothingIsLeft(): Promise<void> {
  await vi.waitFor(
    async () => {
      const rows = await database.db.query(
        `select (select count(*)::int from ops.invalidation) as invalidations,
                (select count(*)::int from ops.outbox where published_at is null) as events,
                (select count(*)::int from ops.job where finished_at is null) as jobs`,
      );
      expect(rows).toEqual([{ invalidations: 0, events: 0, jobs: 0 }]);
    },
    { timeout: 45_000, interval: 50 },
  );
}

const heard = () =>
  subscriber
    .stdout()
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' open ')[0]);

test('fetched days come out as silver, and the subscriber hears of its bars, beside messages that break the contract', async () => {
  const { metadata, data } = exampleEvents.BarsIngested;
  const envelope = (detailType: string, detail: object) =>
    JSON.stringify({
      version: '0',
      id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
      'detail-type': detailType,
      source: 'fibonacci-bars',
      account: '000000000000',
      time: '2026-11-23T21:20:05Z',
      region: 'us-east-1',
      resources: [],
      detail,
    });
  const garbage = [
    'no JSON at all',
    '{"detail-type":"BarsIngested"}',
    envelope('BarsIngested', { metadata, data: { ...data, bars: -1 } }),
    envelope('BarsIngested', { metadata: { ...metadata, schemaVersion: 99 }, data }),
    envelope('BarsEaten', { metadata, data }),
  ];
  for (const MessageBody of garbage) {
    await aws.sqs.send(new SendMessageCommand({ QueueUrl: variables.FIBBARS_QUEUE_URL, MessageBody }));
  }
  const days = await fetchDays('first', '2016-01-04', 45, ['AAPL', 'S001', 'S002']);
  await untilNothingIsLeft();
  await expectSilverIsRight(database.db);
  expect(await database.db.query('select count(*)::int as bars from silver_21d')).toEqual([{ bars: 9 }]);
  await vi.waitFor(
    () =>
      expect(heard()).toEqual([
        `completed AAPL 21d ${days[0]} … ${days[20]}`,
        `completed AAPL 21d ${days[21]} … ${days[41]}`,
      ]),
    { timeout: 20_000 },
  );

  const dead = new Map<string | undefined, string | undefined>();
  await vi.waitFor(
    async () => {
      const { Messages = [] } = await aws.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: variables.FIBBARS_DEAD_LETTER_QUEUE_URL,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
        }),
      );
      for (const { Body, MessageAttributes } of Messages) {
        dead.set(Body, MessageAttributes?.['PoisonReason']?.StringValue);
      }
      expect(dead.size).toBe(garbage.length);
    },
    { timeout: 20_000 },
  );
  expect(new Set(dead.keys())).toEqual(new Set(garbage));
  for (const reason of dead.values()) expect(reason).toMatch(/\w{3,}/);
  expect(dead.get(garbage[2])).toContain('bars');
  expect(dead.get(garbage[3])).toContain('99');
  expect(dead.get(garbage[4])).toContain('BarsEaten');
});

test('a day that comes in while the job of the day before runs is in silver at the end', async () => {
  const lock = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  // The job waits for this symbol after it has started, and before it reads.
  const holding = database.db.transaction(async (client) => {
    await client.query(`select from ops.symbol where symbol = 'AAPL' for update`);
    locked.resolve();
    await lock.promise;
  });
  await locked.promise;
  const [day = ''] = await fetchDays('second', '2016-03-09', 1, ['S001', 'S002']);
  await untilNothingIsLeft();
  // The job has S001 to work in, and AAPL, which is held.
  await database.db.query(
    `with change as (
       insert into ops.change (event_id, kind, cause, source, correlation_id)
       values (gen_random_uuid(), 'rebuild', 'replay', 'flatfiles', gen_random_uuid()) returning id)
     insert into ops.invalidation (symbol, from_date, reason, change_id)
     select symbol, '2016-01-04', 'rebuild', id from change, unnest(array['AAPL', 'S001']) symbol`,
  );
  await fetchDays('third', '2016-03-10', 1, ['S001']);
  const waiting = `select symbols, started_at is not null as started from ops.job where finished_at is null order by claimed_at`;
  await vi.waitFor(
    async () =>
      expect(await database.db.query(waiting)).toEqual([{ symbols: ['AAPL', 'S001'], started: true }]),
    { timeout: 20_000 },
  );
  await fetchDays('fourth', '2016-03-11', 1, ['S001', 'S002']);
  await vi.waitFor(
    async () =>
      expect(await database.db.query(waiting)).toMatchObject([
        { symbols: ['AAPL', 'S001'] },
        { symbols: ['S001', 'S002'] },
      ]),
    { timeout: 20_000 },
  );
  lock.resolve();
  await holding;
  await untilNothingIsLeft();
  await expectSilverIsRight(database.db);
  expect(
    await database.db.query(
      `select max(end_date) as last, (select count(*)::int from raw_ohlcv where symbol = 'S001') as bars
         from silver_3d where symbol = 'S001'`,
    ),
  ).toEqual([{ last: '2016-03-11', bars: 48 }]);
  expect(day).toBe('2016-03-09');
});

test('SilverUpdated of a job that died between commit and publish is told by the next dispatcher', async () => {
  dispatcher.signal('SIGTERM');
  expect(await dispatcher.exit).toMatchObject({ code: 0 });
  // With these, AAPL has 63 days: its third bar of 21 is complete.
  const days = await fetchDays('fifth', '2016-03-14', 18, ['AAPL']);
  const id = '5d1b9f0e-6f0e-4a86-9d3c-0c7a5f1f6a03';
  // Claimed so long ago that a sweep does not take it for somebody's work under way.
  await database.db.query(
    `insert into ops.job (id, name, intervals, through_id, symbols, shards, correlation_id, causation_id, claimed_at)
     select $1::uuid, 'resample-' || $1::uuid, array[3, 5, 8, 13, 21, 34], max(id), '{AAPL}', 1, gen_random_uuid(), gen_random_uuid(),
            now() - interval '10 minutes'
       from ops.invalidation`,
    [id],
  );
  const job = workspace.startService('resampler', ['--job', id, '--intervals', '3,5,8,13,21,34'], {
    ...variables,
    // Nobody listens there.
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  });
  const unpublished = `select count(*)::int as events from ops.outbox
                        where detail_type = 'SilverUpdated' and published_at is null`;
  await vi.waitFor(async () => expect(await database.db.query(unpublished)).toEqual([{ events: 6 }]), {
    timeout: 20_000,
    interval: 5,
  });
  job.signal('SIGKILL');
  await job.exit;
  await expectSilverIsRight(database.db);
  expect(heard()).toHaveLength(2);

  dispatcher = workspace.startService('dispatcher', [], variables);
  await untilNothingIsLeft();
  await vi.waitFor(() => expect(heard()[2]).toBe(`completed AAPL 21d 2016-03-04 … ${days.at(-1)}`), {
    timeout: 20_000,
  });
  expect(heard()).toHaveLength(3);
  await expectSilverIsRight(database.db);
});

test('SIGTERM ends dispatcher, subscriber and cloud with exit code 0', async () => {
  for (const running of [dispatcher, subscriber, cloud]) {
    running.signal('SIGTERM');
    expect(await running.exit).toMatchObject({ code: 0 });
  }
});
