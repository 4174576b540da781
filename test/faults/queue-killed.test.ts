/** SQS, the bus and Batch in one process, killed again and again with messages in flight, and started anew on the same folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { topology } from '../../infra/topology.ts';
import { handleMessages } from '../../services/dispatcher/handler.ts';
import { defaultJobSize } from '../../services/dispatcher/job-size.ts';
import { parseMessage } from '../../services/dispatcher/messages.ts';
import { sweep } from '../../services/dispatcher/sweep.ts';
import { provision } from '../../services/local/provision.ts';
import { consume } from '../../services/shared/consume.ts';
import { readPending } from '../../sql/queries/read-pending.ts';
import { clientsFor, newDirectory } from '../integration/local-cloud/test-cloud.ts';
import { createTestDatabase } from '../support/create-test-database.ts';
import { listen } from './support/ear.ts';
import { isFull, reportFaults } from './support/fault-figures.ts';
import { ingest } from './support/histories.ts';
import { judge } from './support/judge.ts';
import { mainOf } from './support/local-pipeline.ts';
import { watchTables } from './support/watch-tables.ts';
import { logger, never, publisher } from './support/world.ts';

const kills = isFull ? 12 : 2;

/** Serves until it is killed; resolves with the endpoint that it prints. */
async function serve(directory: string, port: string, databaseUrl: string) {
  const child: ChildProcess = spawn(
    process.execPath,
    [mainOf('local'), '--directory', directory, '--port', port],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, DATABASE_URL: databaseUrl, LOG_LEVEL: 'fatal' },
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return {
    endpoint: line.toString().trim(),
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

test('the queue is killed with messages in flight, and none is lost', {
  timeout: 300_000,
}, async (context) => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const { db, url } = database;
  await watchTables(db);
  const directory = newDirectory();
  let cloud = await serve(directory, '0', url);
  const { port } = new URL(cloud.endpoint);
  const clients = clientsFor(cloud.endpoint);
  const names = await provision(clients, topology);
  const heard = await listen(clients);
  const deps = { ...clients, ...names, db, jobSize: defaultJobSize, logger };
  const publish = publisher(deps, names.busName);
  const stopping = new AbortController();
  let inFlight = Promise.withResolvers<void>();
  const consuming = consume(
    { ...deps, sqs: clients.sqs },
    {
      parse: parseMessage,
      async handle(messages, signal) {
        inFlight.resolve();
        await handleMessages(deps, messages, signal);
      },
      signal: stopping.signal,
      waitTimeSeconds: 1,
      // What is lost on the way is seen again after this time.
      visibilityTimeoutSeconds: 3,
    },
  );
  onTestFinished(async () => {
    stopping.abort();
    await consuming;
  });
  for (let kill = 0; kill < kills; kill++) {
    inFlight = Promise.withResolvers();
    for (let number = 0; number < 12; number++) await ingest({ db }, 12 * kill + number);
    await publish();
    await inFlight.promise;
    await cloud.kill();
    cloud = await serve(directory, port, url);
  }
  await vi.waitFor(
    async () => {
      await publish();
      await sweep(deps, { signal: never, minimumAgeMs: 2_000, onlyLost: true });
      expect(await db.withClient(readPending)).toEqual({ events: false, invalidations: false, jobs: false });
      expect((await judge(db, await heard())).faults).toEqual([]);
    },
    { timeout: 60_000, interval: 500 },
  );
  const { rows, lost } = await judge(db, await heard());
  const row = "the queue's process killed with messages in flight";
  reportFaults(context, { row, points: kills, survived: kills, rows, lost });
});
