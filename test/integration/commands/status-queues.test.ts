/** What `status` says of queues and jobs: dead letters of both kinds, and a job that does not start. */
import { DeleteQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { topology } from '../../../infra/topology.ts';
import { status } from '../../../services/cli/commands/status.ts';
import { provision } from '../../../services/local/provision.ts';
import { captureOutput } from '../../support/capture-output.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { startTestCloud } from '../local-cloud/test-cloud.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const notNamed = { queueUrl: undefined, deadLetterQueueUrl: undefined };

test('dead letters of both kinds are counted, and it says where they are', async () => {
  const { cloud, clients } = await startTestCloud();
  const { queueUrl } = await provision(clients, topology);
  const undelivered = topology.rules[1].target.deadLetterQueue;
  const failed = topology.queues.dispatcher.deadLetterQueue;
  const send = (QueueUrl: string) => clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  await send(queueUrl);
  await send(`${cloud.endpoint}/000000000000/${failed}`);
  for (let letter = 0; letter < 2; letter++) await send(`${cloud.endpoint}/000000000000/${undelivered}`);
  const queues = { sqs: clients.sqs, names: notNamed };
  const json = captureOutput({ json: true });
  await status(database.db, json.output, queues);
  expect(JSON.parse(json.text())).toMatchObject({
    queues: { dispatcher: 1, subscriber: 0, deadLetters: 3 },
  });
  const words = captureOutput();
  await status(database.db, words.output, queues);
  expect(words.text()).toMatch(
    new RegExp(
      `^dead letters +1 in ${failed}, 2 in ${undelivered}: .fibbars redrive --dry-run. shows them$`,
      'm',
    ),
  );
});

test('an endpoint without the queues has none to count', async () => {
  const { clients } = await startTestCloud();
  const { output, text } = captureOutput({ json: true });
  await status(database.db, output, { sqs: clients.sqs, names: notNamed });
  expect(JSON.parse(text())).toMatchObject({ queues: { dispatcher: null, deadLetters: 0 } });
});

test.each(['a queue', 'the queue of its URL'])(
  '%s that is missing is named, and hides nothing else, not its dead letters either',
  async (which) => {
    const { clients } = await startTestCloud();
    const names = await provision(clients, topology);
    const { name } = topology.queues.dispatcher;
    const letter = { QueueUrl: names.deadLetterQueueUrl, MessageBody: 'x' };
    await clients.sqs.send(new SendMessageCommand(letter));
    await clients.sqs.send(new DeleteQueueCommand({ QueueUrl: names.queueUrl }));
    const queues = { sqs: clients.sqs, names: which === 'a queue' ? notNamed : names };
    const json = captureOutput({ json: true });
    expect(await status(database.db, json.output, queues)).toBe(0);
    expect(JSON.parse(json.text())).toMatchObject({
      bars: expect.anything(),
      queues: { dispatcher: null, subscriber: 0, deadLetters: 1, missing: [name] },
    });
    const words = captureOutput();
    await status(database.db, words.output, queues);
    expect(words.text()).toMatch(/^bronze +/m);
    expect(words.text()).toMatch(/^queue +there is none$/m);
    expect(words.text()).toMatch(new RegExp(`^dead letters +1 in ${name}-dead-letters: `, 'm'));
    expect(words.text()).toMatch(new RegExp(`^missing queue +${name}: .fibbars up., started anew,`, 'm'));
  },
);

test('a job that does not start is told of, and after a quarter of an hour what to do', async () => {
  const said = async (minutes: number) => {
    await database.db.query('truncate ops.job');
    await database.db.query(
      `insert into ops.job (id, name, intervals, through_id, symbols, shards, correlation_id, causation_id, batch_job_id, submitted_at)
       values (gen_random_uuid(), 'waits', '{3}', 1, '{AAPL}', 1, gen_random_uuid(), gen_random_uuid(), 'b', now() - make_interval(mins => $1))`,
      [minutes],
    );
    const { output, text } = captureOutput();
    await status(database.db, output, undefined);
    return text();
  };
  const early = await said(14);
  expect(early).toMatch(/^jobs +1 unfinished, one not started for 14 min, 0 failed$/m);
  expect(early).not.toContain('AWS Batch says why');
  expect(await said(16)).toContain('A job waits long for its start: AWS Batch says why');
  await database.db.query(
    `update ops.job set started_at = now() - interval '3 min', started_snapshot = pg_current_snapshot()`,
  );
  const { output, text } = captureOutput();
  await status(database.db, output, undefined);
  expect(text()).toMatch(/^jobs +1 unfinished, one under way for 3 min, 0 failed$/m);
});
