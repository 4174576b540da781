import {
  CancelReplayCommand,
  CreateArchiveCommand,
  CreateEventBusCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  InvalidEventPatternException,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  ResourceNotFoundException,
  StartReplayCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { newDirectory, receive, startTestCloud, type TestCloud, until } from './test-cloud.ts';

const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const queueUrl = ({ cloud }: TestCloud, name: string) => `${cloud.endpoint}/000000000000/${name}`;

/** A bus `b` whose rules each lead to the queue of their name. */
async function withRules(rig: TestCloud, rules: Record<string, object>): Promise<void> {
  const { eventBridge, sqs } = rig.clients;
  await eventBridge.send(new CreateEventBusCommand({ Name: 'b' }));
  for (const [name, pattern] of Object.entries(rules)) {
    await sqs.send(new CreateQueueCommand({ QueueName: name }));
    await eventBridge.send(
      new PutRuleCommand({ Name: name, EventBusName: 'b', EventPattern: JSON.stringify(pattern) }),
    );
    await eventBridge.send(
      new PutTargetsCommand({ Rule: name, EventBusName: 'b', Targets: [{ Id: 'q', Arn: queueArn(name) }] }),
    );
  }
}

const entry = (number: number, changes: Partial<PutEventsRequestEntry> = {}): PutEventsRequestEntry => ({
  EventBusName: 'b',
  Source: 'test',
  DetailType: 'Numbered',
  Detail: JSON.stringify({ number }),
  ...changes,
});

async function received(rig: TestCloud, queue: string, count: number): Promise<Record<string, unknown>[]> {
  const messages = await receive(rig.clients, queueUrl(rig, queue), count);
  return messages.map((message) => JSON.parse(message.Body ?? '') as Record<string, unknown>);
}

test('an event reaches the queues of the rules that match it, in its envelope', async () => {
  const rig = await startTestCloud();
  await withRules(rig, { all: { source: ['test'] }, sevens: { detail: { number: [7] } } });
  const answer = await rig.clients.eventBridge.send(
    new PutEventsCommand({
      Entries: [entry(7, { Time: new Date('2024-03-05T21:15:00.700Z'), Resources: ['a'] }), entry(8)],
    }),
  );
  expect(answer.FailedEntryCount).toBe(0);
  expect(await received(rig, 'all', 2)).toHaveLength(2);
  const sevens = await received(rig, 'sevens', 1);
  expect(sevens).toEqual([
    {
      version: '0',
      id: answer.Entries?.[0]?.EventId,
      'detail-type': 'Numbered',
      source: 'test',
      account: '000000000000',
      time: '2024-03-05T21:15:00Z',
      region: 'us-east-1',
      resources: ['a'],
      detail: { number: 7 },
    },
  ]);
});

test('a fault of one entry leaves the others alone, and lines up with the request', async () => {
  const rig = await startTestCloud();
  await withRules(rig, { all: { source: ['test'] } });
  const answer = await rig.clients.eventBridge.send(
    new PutEventsCommand({
      Entries: [
        entry(1),
        entry(2, { Detail: '{"number":' }),
        entry(3, { Source: undefined }),
        entry(4, { Source: 'aws.batch' }),
        entry(5, { Detail: '[5]' }),
        entry(6, { EventBusName: 'none' }),
        entry(7),
      ],
    }),
  );
  expect(answer.FailedEntryCount).toBe(5);
  expect(answer.Entries?.map((each) => each.ErrorCode)).toEqual([
    undefined,
    'MalformedDetail',
    'InvalidArgument',
    'NotAuthorizedForSourceException',
    'MalformedDetail',
    'InvalidArgument',
    undefined,
  ]);
  expect((await received(rig, 'all', 2)).map((event) => event['detail'])).toEqual([
    { number: 1 },
    { number: 7 },
  ]);
});

test('digits beyond a double pass through', async () => {
  const rig = await startTestCloud();
  await withRules(rig, { all: { source: ['test'] } });
  const detail = '{"n": 1700000000123456789}';
  await rig.clients.eventBridge.send(new PutEventsCommand({ Entries: [entry(0, { Detail: detail })] }));
  const [message] = await receive(rig.clients, queueUrl(rig, 'all'), 1);
  expect(message?.Body).toContain(`"detail":${detail}}`);
});

test('requests of more than 10 entries or 256 KB are refused as a whole', async () => {
  const rig = await startTestCloud();
  await withRules(rig, { all: { source: ['test'] } });
  const { eventBridge } = rig.clients;
  const put = (Entries: PutEventsRequestEntry[]) => eventBridge.send(new PutEventsCommand({ Entries }));
  await expect(put(Array.from({ length: 11 }, (_, number) => entry(number)))).rejects.toThrow('inclusive');
  // AWS counts 14 bytes of time, then the texts in UTF-8: 4 + 8 + 2 + 8 here, without the x.
  const ofSize = (bytes: number) =>
    entry(0, { Time: new Date(), Detail: JSON.stringify({ é: 'x'.repeat(bytes - 14 - 4 - 8 - 9) }) });
  await expect(put([ofSize(262_145)])).rejects.toMatchObject({ name: 'ValidationException' });
  expect((await put([ofSize(262_144)])).FailedEntryCount).toBe(0);
  expect(await received(rig, 'all', 1)).toHaveLength(1);
});

test('an event for a queue that is gone goes to the dead-letter queue of the target, with the reason', async () => {
  const rig = await startTestCloud();
  await withRules(rig, { all: { source: ['test'] } });
  const { eventBridge, sqs } = rig.clients;
  await sqs.send(new CreateQueueCommand({ QueueName: 'undelivered' }));
  await eventBridge.send(
    new PutTargetsCommand({
      Rule: 'all',
      EventBusName: 'b',
      Targets: [{ Id: 'gone', Arn: queueArn('gone'), DeadLetterConfig: { Arn: queueArn('undelivered') } }],
    }),
  );
  await eventBridge.send(new PutEventsCommand({ Entries: [entry(1)] }));
  expect(await received(rig, 'all', 1)).toHaveLength(1);
  const [message] = await receive(rig.clients, queueUrl(rig, 'undelivered'), 1);
  expect(message?.MessageAttributes?.['ERROR_CODE']?.StringValue).toBe('NO_RESOURCE');
  expect(message?.MessageAttributes?.['TARGET_ARN']?.StringValue).toBe(queueArn('gone'));
  expect(rig.cloud.pending().messages).not.toHaveProperty('undelivered');
});

test('a pattern that is not understood is refused by its name, and nothing is created', async () => {
  const rig = await startTestCloud();
  await withRules(rig, {});
  const { eventBridge } = rig.clients;
  const put = eventBridge.send(
    new PutRuleCommand({ Name: 'r', EventBusName: 'b', EventPattern: '{"source":[{"regex":"*"}]}' }),
  );
  await expect(put).rejects.toThrow(InvalidEventPatternException);
  await expect(put).rejects.toThrow('Unrecognized match type regex');
  expect((await eventBridge.send(new ListRulesCommand({ EventBusName: 'b' }))).Rules).toEqual([]);
});

test('errors are the exceptions that an SDK knows', async () => {
  const { clients } = await startTestCloud();
  await expect(clients.eventBridge.send(new ListTargetsByRuleCommand({ Rule: 'none' }))).rejects.toThrow(
    ResourceNotFoundException,
  );
  await expect(clients.eventBridge.send(new PutPermissionCommand({}))).rejects.toThrow('PutPermission');
});

test('patterns can be tried, and targets taken away', async () => {
  const rig = await startTestCloud();
  await withRules(rig, { all: { source: ['test'] } });
  const { eventBridge } = rig.clients;
  const tried = await eventBridge.send(
    new TestEventPatternCommand({ EventPattern: '{"source":["a"]}', Event: '{"source":"a"}' }),
  );
  expect(tried.Result).toBe(true);
  await eventBridge.send(new RemoveTargetsCommand({ Rule: 'all', EventBusName: 'b', Ids: ['q'] }));
  await eventBridge.send(new PutEventsCommand({ Entries: [entry(1)] }));
  expect(rig.cloud.isIdle()).toBe(true);
});

test('a replay sends archived events of its time again, to the rules it names, marked, after a restart, and archives none', async () => {
  const directory = newDirectory();
  const before = await startTestCloud({ directory });
  await withRules(before, { all: { source: ['test'] }, other: { source: ['test'] } });
  const EventSourceArn = 'arn:aws:events:us-east-1:000000000000:event-bus/b';
  const { ArchiveArn } = await before.clients.eventBridge.send(
    new CreateArchiveCommand({ ArchiveName: 'a', EventSourceArn, RetentionDays: 0 }),
  );
  const day = (number: number) => new Date(Date.UTC(2024, 0, number, 12));
  await before.clients.eventBridge.send(
    new PutEventsCommand({ Entries: [3, 1, 2, 4, 5].map((number) => entry(number, { Time: day(number) })) }),
  );
  await received(before, 'all', 5);
  await received(before, 'other', 5);
  await before.cloud.close();

  const after = await startTestCloud({ directory });
  const { eventBridge } = after.clients;
  await eventBridge.send(
    new StartReplayCommand({
      ReplayName: 'again',
      EventSourceArn: ArchiveArn,
      EventStartTime: day(2),
      EventEndTime: day(4),
      Destination: { Arn: EventSourceArn, FilterArns: ['arn:aws:events:us-east-1:000000000000:rule/b/all'] },
    }),
  );
  await until(async () => {
    const { State } = await eventBridge.send(new DescribeReplayCommand({ ReplayName: 'again' }));
    return State === 'COMPLETED';
  });
  expect(after.cloud.pending()).toMatchObject({ messages: { all: 8, other: 5 }, replays: 0 });
  const replayed = (await received(after, 'all', 3)).filter((event) => event['replay-name'] === 'again');
  expect(replayed.map((event) => event['detail'])).toEqual([{ number: 2 }, { number: 3 }, { number: 4 }]);
  const archive = await eventBridge.send(new DescribeArchiveCommand({ ArchiveName: 'a' }));
  expect(archive.EventCount).toBe(5);
  await expect(eventBridge.send(new CancelReplayCommand({ ReplayName: 'again' }))).rejects.toMatchObject({
    name: 'IllegalStatusException',
  });
  await expect(
    eventBridge.send(
      new StartReplayCommand({
        ReplayName: 'wrong',
        EventSourceArn: ArchiveArn,
        EventStartTime: day(2),
        EventEndTime: day(4),
        Destination: { Arn: EventSourceArn, FilterArns: [`${EventSourceArn}/no-rule`] },
      }),
    ),
  ).rejects.toThrow('does not exist');
});
