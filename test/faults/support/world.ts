/**
 * What processes meet: a database, a bus, a queue and Batch, each over its wire protocol, with nothing in them but what the
 * processes leave. `drain` is what happens to what they leave when no more faults come.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { ContractError } from '../../../events/contract-error.ts';
import { type DispatcherDeps, handleMessages } from '../../../services/dispatcher/handler.ts';
import { defaultJobSize, type JobSize } from '../../../services/dispatcher/job-size.ts';
import { parseMessage } from '../../../services/dispatcher/messages.ts';
import { sweep } from '../../../services/dispatcher/sweep.ts';
import { runJob } from '../../../services/resampler/handler.ts';
import type { Database } from '../../../services/shared/database.ts';
import { PoisonMessageError } from '../../../services/shared/poison-message-error.ts';
import { publishOutbox } from '../../../services/shared/publish-outbox.ts';
import { readPending } from '../../../sql/queries/read-pending.ts';
import { jobStateChange } from '../../integration/dispatcher/dispatcher-bench.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { envelopeBody } from '../../support/example-events.ts';
import { type SubmittedJob, startScriptedBatch } from '../../support/scripted-batch.ts';
import { type SentEntry, startScriptedEventBridge } from '../../support/scripted-event-bridge.ts';
import { startTestQueues, type TestQueues } from '../../support/test-queues.ts';
import { connectClients, type Endpoints, type Process } from './mortal.ts';
import { emptyTables, restoreTables, saveTables } from './saved-tables.ts';
import { watchTables } from './watch-tables.ts';

export const logger = pino({ level: 'silent' });
export const never = new AbortController().signal;

export type World = {
  readonly endpoints: Endpoints;
  /** A process that nothing happens to. */
  readonly immortal: Process;
  readonly db: Database;
  readonly queues: TestQueues;
  /** All that the bus accepted since the last `restore`. */
  readonly heard: SentEntry[];
  /** Bodies that wait in the dispatcher's queue. */
  readonly inbox: string[];
  /** What Batch has, in the order of submission. */
  readonly jobs: SubmittedJob[];
  /** Bodies that nobody could read. */
  readonly poison: string[];
  /** What the bus says of an entry instead of taking it: an ErrorCode. */
  refuse: (entry: SentEntry) => string | null;
  /** How the job of Batch that is run next ends; it runs once for each that says `fail`, without doing anything. */
  fail: (job: SubmittedJob) => boolean;
  /** As it was at first. */
  empty(): Promise<void>;
  save(): Promise<void>;
  restore(): Promise<void>;
  /** Has the dispatcher handle what waits in its queue. */
  dispatch(): Promise<void>;
  /** Runs all to its end: relay, dispatcher and the jobs of Batch. @throws if it does not come to an end. */
  drain(): Promise<void>;
  close(): Promise<void>;
};

const maxRounds = 20;

export type WorldOptions = {
  readonly jobSize?: JobSize;
  /** Another than a clone of the template on the server of the run. */
  readonly database?: TestDatabase;
};

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const { jobSize = defaultJobSize } = options;
  const [database, bus, batch, queues] = await Promise.all([
    options.database ?? createTestDatabase(),
    startScriptedEventBridge(),
    startScriptedBatch(),
    startTestQueues(),
  ]);
  const { db } = database;
  await watchTables(db);
  const endpoints: Endpoints = {
    databaseUrl: database.url,
    eventBridge: bus.endpoint,
    batch: batch.endpoint,
    sqs: `http://127.0.0.1:${queues.server.port}`,
  };
  const { process: immortal, destroy } = connectClients(endpoints, db);
  const saved = { heard: [] as SentEntry[], inbox: [] as string[], jobs: [] as SubmittedJob[] };
  const world: World = {
    endpoints,
    immortal,
    db,
    queues,
    heard: [],
    inbox: [],
    jobs: batch.jobs,
    poison: [],
    refuse: () => null,
    fail: () => false,
    async empty() {
      await emptyTables(db);
      for (const list of [world.heard, world.inbox, world.jobs, world.poison]) list.length = 0;
    },
    async save() {
      await saveTables(db);
      saved.heard = [...world.heard];
      saved.inbox = [...world.inbox];
      saved.jobs = structuredClone(world.jobs);
    },
    async restore() {
      await restoreTables(db);
      world.heard.splice(0, Infinity, ...saved.heard);
      world.inbox.splice(0, Infinity, ...saved.inbox);
      world.jobs.splice(0, Infinity, ...structuredClone(saved.jobs));
      world.poison.length = 0;
    },
    dispatch: () => handleInbox(world, dispatcherDeps(immortal, jobSize)),
    drain: () => drain(world, jobSize),
    async close() {
      destroy();
      await Promise.all([database.drop(), bus.close(), batch.close(), queues.close()]);
    },
  };
  bus.script((entry) => {
    const code = world.refuse(entry);
    if (code === null) {
      world.heard.push(entry);
      if (/^Bars(Ingested|Restated)$/.test(entry.DetailType)) {
        world.inbox.push(envelopeBody(entry.DetailType, JSON.parse(entry.Detail)));
      }
    }
    return code;
  });
  return world;
}

export function dispatcherDeps(process: Process, jobSize = defaultJobSize): DispatcherDeps {
  return { ...process, busName: 'bus', jobQueue: 'queue', jobDefinition: 'definition', jobSize, logger };
}

export function publisher(
  process: Pick<Process, 'db' | 'eventBridge'>,
  busName = 'bus',
): () => Promise<unknown> {
  return () => publishOutbox({ ...process, busName, logger }, { signal: never });
}

/** What the job of Batch does, one shard after the other; returns whether all exited with 0. */
export async function runBatchJob(process: Process, job: SubmittedJob): Promise<boolean> {
  const intervals = job.parameters.intervals.split(',').map(Number);
  const deps = { db: process.db, logger, publish: publisher(process), signal: never };
  for (let shard = 0; shard < (job.arrayProperties?.size ?? 1); shard++) {
    const request = { jobId: job.parameters.job, intervals, shard, sessions: 1 };
    if ((await runJob(deps, request)) !== 0) return false;
  }
  return true;
}

async function drain(world: World, jobSize: JobSize): Promise<void> {
  const deps = dispatcherDeps(world.immortal, jobSize);
  const publish = publisher(world.immortal);
  for (let round = 1; ; round++) {
    // As time passes: whoever made a claim is dead, or done.
    await sweep(deps, { signal: never, minimumAgeMs: 0 });
    await handleInbox(world, deps);
    for (const job of world.jobs) await finishJob(world, job);
    await handleInbox(world, deps);
    await publish();
    const pending = await world.db.withClient(readPending);
    const atRest = world.inbox.length === 0 && world.jobs.every(hasEnded);
    if (atRest && !pending.events && !pending.invalidations && !pending.jobs) return;
    if (round === maxRounds) throw new Error(`Not drained after ${round} rounds: ${JSON.stringify(pending)}`);
    // What a dead process had begun here takes a moment to fail.
    await sleep(20 * round);
  }
}

async function handleInbox(world: World, deps: DispatcherDeps): Promise<void> {
  while (world.inbox.length > 0) {
    const messages = world.inbox.splice(0, 10).flatMap((body) => {
      try {
        return parseMessage({ body });
      } catch (error) {
        if (!(error instanceof ContractError) && !(error instanceof PoisonMessageError)) throw error;
        world.poison.push(body);
        return [];
      }
    });
    await handleMessages(deps, messages, never);
  }
}

async function finishJob(world: World, job: SubmittedJob): Promise<void> {
  if (hasEnded(job)) return;
  const succeeded = !world.fail(job) && (await runBatchJob(world.immortal, job));
  job.status = succeeded ? 'SUCCEEDED' : 'FAILED';
  world.inbox.push(jobStateChange(job, job.status));
}

function hasEnded({ status }: SubmittedJob): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED';
}
