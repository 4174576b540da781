import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SubmitJobCommand } from '@aws-sdk/client-batch';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { topology } from '../../../infra/topology.ts';
import { startOf } from '../../../services/local/cloud/batch/process-identity.ts';
import { provision } from '../../../services/local/provision.ts';
import { clientsFor, hasEnded, jobWhen, newDirectory, receive, startTestCloud, until } from './test-cloud.ts';

/** Serves in another process; resolves with the endpoint that it prints. */
async function serve(program: string, args: string[]): Promise<{ child: ChildProcess; endpoint: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, endpoint: line.toString().trim() };
}

const fixture = fileURLToPath(new URL('./serve-test-cloud.ts', import.meta.url));
const main = fileURLToPath(new URL('../../../services/local/main.ts', import.meta.url));

test('after SIGKILL nothing that was answered is lost, and the job is run again once its process is ended', async () => {
  const directory = newDirectory();
  const file = join(newDirectory(), 'out');
  const before = await serve(fixture, [directory]);
  const clients = clientsFor(before.endpoint);
  const { busName, jobQueue, jobDefinition } = await provision(clients, topology);
  const putEvent = (number: number) =>
    clients.eventBridge.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: busName,
            Source: topology.eventSource,
            DetailType: 'BarsIngested',
            Detail: JSON.stringify({ number }),
          },
        ],
      }),
    );
  const { jobId = '' } = await clients.batch.send(
    new SubmitJobCommand({
      jobName: 'job',
      jobQueue,
      jobDefinition,
      containerOverrides: { command: ['program', 'sleep-in-first-attempt', file] },
    }),
  );
  await until(() => existsSync(file));
  const orphan = Number(readFileSync(file, 'utf8').split(' ')[1]);
  // Killed in the middle of a stream of events: what was answered counts, what was not may or may not.
  let answered = 0;
  const stream = (async () => {
    for (let number = 0; ; number++) {
      await putEvent(number);
      answered = number + 1;
    }
  })();
  await until(() => answered >= 50);
  before.child.kill('SIGKILL');
  await once(before.child, 'exit');
  clients.destroy();
  await stream.catch(() => {});
  expect(startOf(orphan)).toBeDefined();

  const after = await startTestCloud({ directory });
  const job = await jobWhen(after.clients, jobId, hasEnded);
  expect(job.status).toBe('SUCCEEDED');
  expect(job.attempts?.[0]?.statusReason).toBe('Your Spot Task was interrupted.');
  expect(job.attempts).toHaveLength(2);
  expect(startOf(orphan)).toBeUndefined();
  const url = `${after.cloud.endpoint}/000000000000/${topology.queues.dispatcher.name}`;
  const messages = await receive(after.clients, url, answered + 1);
  const numbers = messages
    .map((message) => JSON.parse(message.Body ?? '') as { detail: { number?: number } })
    .flatMap((event) => event.detail.number ?? []);
  expect(new Set(numbers).size).toBeGreaterThanOrEqual(answered);
});

test('the local cloud as a process of its own serves, creates nothing by itself, and ends on SIGTERM', async () => {
  const { child, endpoint } = await serve(main, ['--directory', newDirectory(), '--port', '0']);
  expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const { sqs } = clientsFor(endpoint);
  expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? []).toEqual([]);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('without a folder it says how it is used', async () => {
  const child = spawn(process.execPath, [main], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [text] = (await once(child.stderr, 'data')) as [Buffer];
  expect(text.toString()).toContain('usage:');
  expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(2);
});
