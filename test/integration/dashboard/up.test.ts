/** `fibbars up` with its dashboard: acts on the real pipeline, and a pipeline that goes on whatever the dashboard does. */
import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Act, ActRequest, Bars, Pipeline, Problem, Session } from '../../../services/dashboard/api.ts';
import { createAwsClients } from '../../../services/shared/aws-clients.ts';
import { readAwsConfig } from '../../../services/shared/aws-config.ts';
import { type DayFiles, writeDayFiles } from '../pipeline/day-files.ts';
import { createWorkspace, type Running, type Workspace } from '../pipeline/workspace.ts';
import { listen, until } from './event-stream.ts';

let workspace: Workspace;
let files: DayFiles;
let running: Running;
let url: string;

beforeAll(async () => {
  workspace = await createWorkspace();
  files = await writeDayFiles(join(workspace.scratch, 'day-files'), { days: 40, symbols: ['AAPL', 'S001'] });
  running = workspace.start(['up', '--json']);
  url = await addressOf(running);
}, 120_000);
afterAll(() => workspace.remove(), 120_000);

async function addressOf(up: Running): Promise<string> {
  await until(() => up.stdout().includes('"dashboard"') || up.hasEnded());
  const { dashboard } = JSON.parse(up.stdout()) as { dashboard: string };
  return dashboard;
}

const ask = async <T>(path: string) => (await (await fetch(new URL(path, url))).json()) as T;
async function post<T>(path: string, body?: object): Promise<T> {
  const { token } = await ask<Session>('/api/session');
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'x-fibbars-token': token ?? '', ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as T;
}
async function act(request: ActRequest): Promise<Act> {
  const { id } = await post<Act>('/api/acts', request);
  const now = async () => (await ask<Act[]>('/api/acts')).find((each) => each.id === id);
  await until(async () => (await now())?.state !== 'running');
  return (await now()) as Act;
}

test('bars that a backfill brings are heard of live and counted', async () => {
  const stream = listen(url);
  expect(await stream.opened).toBe(200);
  const filled = await workspace.run(['backfill', '--source', 'flatfiles', '--path', files.path]);
  expect(filled).toMatchObject({ code: 0, stderr: '' });
  await until(() => new Set(stream.of('silver').map(({ interval }) => interval)).size === 6);
  const { bars } = await ask<Bars>('/api/bars?symbol=AAPL&interval=13');
  expect(bars.map(({ count }) => count)).toEqual([13, 13, 13, 1]);
  await until(() => stream.of('pipeline').at(-1)?.pipeline.bronze.bars === 80);
  const pipeline = await ask<Pipeline>('/api/pipeline');
  expect(pipeline).toMatchObject({
    bronze: { lastDay: files.days.at(-1), missingDays: 0 },
    bus: { events: expect.any(Number) },
    queue: { waiting: expect.any(Number) },
    deadLetters: 0,
  });
}, 120_000);

test('a replay, a verification and a redrive are done as their commands do them', async () => {
  const [from = '', to = ''] = [files.days[10], files.days[14]];
  const stream = listen(url);
  await stream.opened;
  const replayed = await act({ kind: 'replay', from, to, symbols: ['AAPL'] });
  expect(replayed).toMatchObject({
    state: 'done',
    command: `npm run fibbars -- replay --from ${from} --to ${to} --symbols AAPL`,
    done: 5,
    total: 5,
    unit: 'days',
    outcome: '5 events of trading days told again. 0 rows of silver differed and were rewritten',
  });
  await until(() => stream.of('silver').some(({ cause }) => cause === 'replay'));
  expect(await act({ kind: 'verify' })).toMatchObject({
    state: 'done',
    done: 2,
    total: 2,
    outcome: expect.stringMatching(/^\d+ bars of 2 symbols recomputed from bronze: 0 differences$/),
  });
  expect(await act({ kind: 'redrive' })).toMatchObject({ state: 'done', outcome: 'No dead letters' });
  expect(await act({ kind: 'verify', symbols: ['NONE'] })).toMatchObject({
    state: 'failed',
    outcome: expect.stringContaining('Nothing is stored for: NONE'),
  });
  expect(stream.of('act').filter(({ act: { state } }) => state === 'running').length).toBeGreaterThan(3);
}, 120_000);

test('a dead letter is counted, and a redrive moves it back', async () => {
  const { variables } = JSON.parse(running.stdout()) as { variables: Record<string, string> };
  const aws = createAwsClients(readAwsConfig(variables));
  onTestFinished(() => aws.destroy());
  const dead = async () => (await ask<Pipeline>('/api/pipeline')).deadLetters;
  await aws.sqs.send(
    new SendMessageCommand({ QueueUrl: variables['FIBBARS_QUEUE_URL'], MessageBody: 'no JSON' }),
  );
  await until(async () => (await dead()) === 1);
  expect(await act({ kind: 'redrive' })).toMatchObject({
    state: 'done',
    done: 1,
    total: 1,
    outcome: '1 of 1 dead letter moved back',
  });
  // It breaks its contract as before.
  await until(async () => (await dead()) === 1);
}, 120_000);

test('an act that runs keeps others out, and can be stopped', async () => {
  const [from = '', to = ''] = [files.days[0], files.days.at(-1)];
  const first = await post<Act>('/api/acts', { kind: 'replay', from, to });
  expect(await post<Problem>('/api/acts', { kind: 'verify' })).toEqual({
    error: `npm run fibbars -- replay --from ${from} --to ${to} still runs: wait for its end, or stop it`,
  });
  await post<Act>(`/api/acts/${first.id}/stop`);
  await until(async () => (await ask<Act[]>('/api/acts'))[0]?.state === 'stopped');
  const [stopped] = await ask<Act[]>('/api/acts');
  expect(stopped?.outcome).toMatch(/Stopped after .*--id [0-9a-f-]{36}` goes on|Stopped before the end/);
  expect(stopped?.done).toBeLessThan(40);
}, 120_000);

test('a dashboard whose port is taken, or none, leaves the pipeline running', async () => {
  const { port } = new URL(url);
  const other = await createWorkspace();
  try {
    const without = other.start(['up', '--json', '--no-dashboard']);
    expect(await addressOf(without)).toBe(null);
    without.signal('SIGINT');
    expect(await without.exit).toMatchObject({ code: 0, stderr: '' });

    const taken = other.start(['up', '--json', '--dashboard-port', port]);
    expect(await addressOf(taken)).toBe(null);
    expect(taken.stderr()).toContain('the port is taken');
    const filled = await other.run(['backfill', '--source', 'flatfiles', '--path', files.path]);
    expect(filled.code).toBe(0);
    taken.signal('SIGINT');
    expect((await taken.exit).code).toBe(0);
  } finally {
    await other.remove();
  }
}, 120_000);

test('Ctrl-C ends it while a page listens and an act runs', async () => {
  const stream = listen(url);
  await stream.opened;
  await post<Act>('/api/acts', { kind: 'replay', from: files.days[0], to: files.days.at(-1) });
  const stoppedAt = Date.now();
  running.signal('SIGINT');
  const { code, stderr } = await running.exit;
  const complaints = stderr
    .split('\n')
    .filter((line) => line && !line.includes('sent to the dead-letter queue'));
  expect({ code, complaints }).toEqual({ code: 0, complaints: [] });
  expect(Date.now() - stoppedAt).toBeLessThan(25_000);
  await stream.ended;
  expect(await workspace.processes()).toEqual([]);
  // What it was a subscriber with is gone, and a command with a pipeline of its own comes to its end.
  expect(await workspace.run(['resample', '--pending'])).toMatchObject({ code: 0, stderr: '' });
}, 120_000);
