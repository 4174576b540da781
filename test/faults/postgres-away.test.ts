/** PostgreSQL away: its connection reset in the middle of COMMIT, a session killed so that all start anew, no answer for 30 seconds. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { removePlacedData } from '../../services/local/postgres/place.ts';
import { startPostgres } from '../../services/local/postgres/start-postgres.ts';
import { type Database, openDatabase } from '../../services/shared/database.ts';
import { migrate } from '../../sql/migrate.ts';
import { countDone, enumerateFaults } from './support/enumerate-faults.ts';
import { isFull, reportFaults } from './support/fault-figures.ts';
import { ingest, makeHistory } from './support/histories.ts';
import { judge } from './support/judge.ts';
import { connectClients, type Process } from './support/mortal.ts';
import { startPostgresProxy } from './support/postgres-proxy.ts';
import { changeHistory, fetchDays, haveJobSubmitted, runJob } from './support/programs.ts';
import { createWorld, publisher, type World } from './support/world.ts';

const refusedMs = isFull ? 30_000 : 3_000;
const kills = isFull ? 20 : 3;

async function makeWorld(options?: Parameters<typeof createWorld>[0]): Promise<World> {
  const world = await createWorld(options);
  onTestFinished(() => world.close(), 60_000);
  await makeHistory(world);
  return world;
}

test('a COMMIT whose answer is lost is settled by looking, and nothing is done twice', {
  timeout: 600_000,
}, async (context) => {
  const world = await makeWorld();
  await haveJobSubmitted(world);
  await world.save();
  const work = async (process: Process) => {
    await runJob(process, world);
    await fetchDays(process);
    await changeHistory(process);
  };
  let expected: object | undefined;
  const { statements, ...figures } = await enumerateFaults(
    [world],
    {
      run: work,
      async afterwards() {
        const done = await countDone(world);
        expected ??= done;
        // It did all of it once.
        expect(done).toEqual(expected);
      },
    },
    { modes: ['cut'], only: (statement) => statement === 'commit', mustEnd: true },
  );
  const commits = statements.filter((each) => each === 'commit').length;
  expect(commits).toBeGreaterThan(10);
  if (isFull) expect(figures.points).toBe(2 * commits);
  reportFaults(context, { row: 'connection reset in the middle of COMMIT, outcome unknown', ...figures });
});

/** Days that come in, one after the other, and are worked in, until they are over. */
function startWorking(world: World, process: Process) {
  const over = new AbortController();
  let days = 0;
  const work = async () => {
    for (; !over.signal.aborted && days < 200; days++) {
      await ingest(process, 10 + days);
      await publisher(process)();
      await world.dispatch();
      for (const job of world.jobs.filter(({ status }) => status === 'RUNNABLE')) {
        await runJob(process, { ...world, jobs: [job] });
        job.status = 'SUCCEEDED';
      }
    }
  };
  const working = work();
  // Told of by `end`.
  working.catch(() => {});
  return {
    /** Resolves when so many more days are worked in. */
    async untilMore(count: number) {
      const wanted = days + count;
      await vi.waitFor(() => expect(days).toBeGreaterThanOrEqual(wanted), { timeout: 120_000, interval: 10 });
    },
    async end() {
      over.abort();
      await working;
    },
  };
}

test('a server process is killed again and again: all sessions break, and the server recovers', {
  timeout: 600_000,
}, async (context) => {
  const parent = await mkdtemp(join(tmpdir(), 'fibbars-away-'));
  await chmod(parent, 0o711);
  const directory = join(parent, 'postgres');
  const server = await startPostgres({ directory, settings: { fsync: 'off', shared_buffers: '32MB' } });
  onTestFinished(async () => {
    await server.stop();
    await removePlacedData(directory);
    await rm(parent, { recursive: true, force: true });
  }, 60_000);
  const db = openDatabase({ connectionString: server.url, maxConnections: 10 });
  await db.withClient(migrate);
  const world = await makeWorld({ database: { url: server.url, db, drop: () => db.close() } });
  const working = startWorking(world, world.immortal);
  try {
    for (let kill = 0; kill < kills; kill++) {
      await working.untilMore(1);
      await sleep(17 * (kill % 7));
      await killSession(world.db);
    }
    await working.untilMore(1);
  } finally {
    await working.end();
  }
  await world.drain();
  const { faults, rows, lost } = await judge(world.db, world.heard);
  expect(faults).toEqual([]);
  reportFaults(context, { row: 'PostgreSQL killed', points: kills, survived: kills, rows, lost });
});

/** The postmaster then ends all other sessions, and recovers as after a crash. */
async function killSession(db: Database): Promise<void> {
  const killed = db.withClient(async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    execFileSync('kill', ['-9', String(rows[0]?.pid)]);
    await client.query('select');
  });
  await expect(killed).rejects.toThrow(/terminated|ECONNRESET|crash/);
}

test(`refused for ${refusedMs / 1_000} s: whoever works waits, and goes on`, {
  timeout: 600_000,
}, async (context) => {
  const world = await makeWorld();
  const faults = { meet: () => 'pass' as const, onFault: () => {} };
  const before = await startPostgresProxy(world.endpoints.databaseUrl, faults);
  const retries: string[] = [];
  const db = openDatabase({ connectionString: before.url, onRetry: ({ message }) => retries.push(message) });
  const { process, destroy } = connectClients(world.endpoints, db);
  onTestFinished(async () => {
    destroy();
    await db.close();
  });
  const working = startWorking(world, process);
  try {
    await working.untilMore(2);
    await before.close();
    await sleep(refusedMs);
    expect(retries.length).toBeGreaterThan(0);
    const port = Number(new URL(before.url).port);
    const after = await startPostgresProxy(world.endpoints.databaseUrl, faults, port);
    onTestFinished(() => after.close());
    await working.untilMore(2);
  } finally {
    await working.end();
  }
  await world.drain();
  const { faults: found, rows, lost } = await judge(world.db, world.heard);
  expect(found).toEqual([]);
  reportFaults(context, {
    row: `PostgreSQL refuses connections for ${refusedMs / 1_000} s`,
    points: 1,
    survived: 1,
    rows,
    lost,
  });
});
