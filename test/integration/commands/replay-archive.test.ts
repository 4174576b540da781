/** The bus's archive replayed over the wire of the local cloud: to the dispatcher alone, and followed to its end. */
import { randomUUID } from 'node:crypto';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DeleteMessageCommand } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { topology } from '../../../infra/topology.ts';
import { replayFromArchive } from '../../../services/cli/commands/replay.ts';
import { replayArchive } from '../../../services/cli/replay/replay-archive.ts';
import { provision } from '../../../services/local/provision.ts';
import type { AwsClients } from '../../../services/shared/aws-clients.ts';
import { captureOutput } from '../../support/capture-output.ts';
import { exampleEvents } from '../../support/example-events.ts';
import { receive, startTestCloud } from '../local-cloud/test-cloud.ts';

const never = new AbortController().signal;
const at = (second: number) => new Date(Date.parse('2026-11-23T21:00:00Z') + 1_000 * second);

/** A cloud whose archive has one BarsIngested a second from 0, and a SilverUpdated after each; the queues are empty. */
async function startArchive(events: number) {
  const { clients } = await startTestCloud();
  const names = await provision(clients, topology);
  for (let second = 0; second < events; second++) {
    await clients.eventBridge.send(
      new PutEventsCommand({
        Entries: (['BarsIngested', 'SilverUpdated'] as const).map((DetailType) => ({
          EventBusName: names.busName,
          Source: topology.eventSource,
          DetailType,
          Detail: JSON.stringify(exampleEvents[DetailType]),
          Time: at(second),
        })),
      }),
    );
  }
  for (const url of [names.queueUrl, names.subscriberQueueUrl]) {
    for (const { ReceiptHandle } of await receive(clients, url, events)) {
      await clients.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    }
  }
  return { clients, names, deps: { eventBridge: clients.eventBridge, busName: names.busName, everyMs: 10 } };
}

test('the dispatcher hears the events of that time again under the name of the replay, and no subscriber does', async () => {
  const { clients, names, deps } = await startArchive(4);
  const id = randomUUID();
  const seen: [number, number][] = [];
  const request = { id, from: at(1), to: at(2), signal: never };
  const onProgress = (...progress: [number, number]) => void seen.push(progress);
  expect(await replayArchive(deps, { ...request, onProgress })).toEqual({
    state: 'COMPLETED',
    reason: null,
    started: true,
  });
  expect(seen.at(-1)).toEqual([100, 100]);
  const bodies = (await receive(clients, names.queueUrl, 3)).map(
    ({ Body }) => JSON.parse(Body ?? '') as Record<string, unknown>,
  );
  expect(bodies.map((body) => [body['detail-type'], body['time'], body['replay-name']])).toEqual([
    ['BarsIngested', '2026-11-23T21:00:01Z', id],
    ['BarsIngested', '2026-11-23T21:00:02Z', id],
  ]);
  expect(await receive(clients, names.subscriberQueueUrl, 1)).toEqual([]);
  // Under its name it is followed and not started again.
  expect(await replayArchive(deps, request)).toMatchObject({ state: 'COMPLETED', started: false });
  expect(await receive(clients, names.queueUrl, 1)).toEqual([]);
  await expect(replayArchive(deps, { ...request, to: at(3) })).rejects.toThrow(
    `Replay ${id} was begun with --from 2026-11-23T21:00:01.000Z --to 2026-11-23T21:00:02.000Z`,
  );
});

test('a signal ends the following and not the replay, which the same id follows on', async () => {
  const { deps } = await startArchive(2);
  const id = randomUUID();
  const request = { id, from: at(0), to: at(9) };
  const stopped = await replayArchive(deps, { ...request, signal: AbortSignal.abort() });
  expect(stopped.started).toBe(true);
  expect(await replayArchive(deps, { ...request, signal: never })).toMatchObject({
    state: 'COMPLETED',
    started: false,
  });
});

test('says what came of it, and waits for what it set off only when it came to its end', async () => {
  const { clients, names } = await startArchive(1);
  let settled = 0;
  const settle = async () => void settled++;
  const request = { id: randomUUID(), from: at(0), to: at(9), signal: never };
  const done = captureOutput();
  expect(
    await replayFromArchive({ aws: clients, busName: names.busName, settle }, done.output, request),
  ).toBe(0);
  expect(done.text()).toContain('The archive was replayed to the dispatcher');

  const failing = { send: async () => ({ State: 'FAILED', StateReason: 'the rule is gone' }) };
  const aws = { ...clients, eventBridge: failing } as unknown as AwsClients;
  const failed = captureOutput({ json: true });
  expect(await replayFromArchive({ aws, busName: names.busName, settle }, failed.output, request)).toBe(1);
  expect(JSON.parse(failed.text())).toMatchObject({
    id: request.id,
    state: 'FAILED',
    reason: 'the rule is gone',
    complete: false,
  });
  expect(settled).toBe(1);
});
