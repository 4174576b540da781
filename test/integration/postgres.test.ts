import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from '../../services/local/is-alive.ts';
import { findBinaries, programOf } from '../../services/local/postgres/binaries.ts';
import { findPlaced, placeBinaries, removePlacedData } from '../../services/local/postgres/place.ts';
import { readPidFile } from '../../services/local/postgres/running-server.ts';
import { canUse, findServerUser } from '../../services/local/postgres/server-user.ts';
import { startPostgres } from '../../services/local/postgres/start-postgres.ts';
import { type Program, startProgram } from '../support/start-program.ts';

const isRoot = process.geteuid?.() === 0;
const settings = { fsync: 'off', shared_buffers: '16MB' };

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // Some tests cut the connection; the query then rejects by itself.
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Root lets the server's user pass. */
async function makeParent(): Promise<string> {
  const parent = await mkdtemp(path.join(tmpdir(), 'fibbars-postgres-'));
  await chmod(parent, 0o711);
  return parent;
}

describe('the embedded PostgreSQL', () => {
  let parent: string;
  let directory: string;
  let seed: string;
  beforeAll(async () => {
    seed = await makeParent();
    await (await startPostgres({ directory: path.join(seed, 'postgres'), settings })).stop();
  });
  afterAll(async () => {
    await removePlacedData(path.join(seed, 'postgres'));
    await rm(seed, { recursive: true, force: true });
  });
  beforeEach(async () => {
    parent = await makeParent();
    directory = path.join(parent, 'postgres');
  });
  afterEach(async () => {
    await removePlacedData(directory);
    await rm(parent, { recursive: true, force: true });
  });

  /** An initialised folder, without the time that initdb takes. */
  const initialised = () => execFileSync('cp', ['-a', path.join(seed, 'postgres'), directory]);
  const start = () => startPostgres({ directory, settings });
  const startElsewhere = (user = {}): Promise<Program<{ pid: number; url: string }>> =>
    startProgram('run-postgres.ts', [directory], user);
  const serverPid = async () => (await readPidFile(path.join(directory, 'data')))?.pid ?? 0;

  it('keeps its data over a restart, and its password to its owner', async () => {
    const first = await start();
    expect(first.version).toMatch(/^18\./);
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    await first.stop();
    expect((await stat(path.join(directory, 'password'))).mode & 0o077).toBe(0);
    expect((await stat(path.join(directory, 'data'))).mode & 0o077).toBe(0);
    const second = await start();
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await second.stop();
  });

  it('stops at once, although a session is open', async () => {
    initialised();
    const server = await start();
    const client = new Client({ connectionString: server.url });
    client.on('error', () => {});
    await client.connect();
    // 0.1 s on a quiet machine; a stop that waited for sessions would take for ever.
    const before = performance.now();
    await server.stop();
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it('lets nobody in without the password, and listens on loopback only', async () => {
    initialised();
    const server = await start();
    const url = new URL(server.url);
    url.password = 'guess';
    await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    expect(await query(server.url, `select current_setting('listen_addresses') as on_host`)).toEqual([
      { on_host: '127.0.0.1' },
    ]);
    await server.stop();
  });

  it('goes on after its parent was killed and the server lived on', async () => {
    initialised();
    const killed = await startElsewhere();
    await query(killed.said.url, 'create table kept as select 42 as answer');
    await killed.kill('SIGKILL');
    const orphan = await serverPid();
    expect(isAlive(orphan)).toBe(true);
    const server = await start();
    expect(isAlive(orphan)).toBe(false);
    expect(await query(server.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await server.stop();
  });

  it('goes on after the server itself was killed, while one of its backends is still busy', async () => {
    initialised();
    const first = await start();
    await query(first.url, 'create table kept as select 42 as answer');
    const busy = query(first.url, `select count(*) from generate_series(1, 1e12::bigint)`).catch(
      () => 'cut off',
    );
    await sleep(200);
    process.kill(await serverPid(), 'SIGKILL');
    await sleep(100);
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    expect(await busy).toBe('cut off');
    await second.stop();
  });

  it('is not fooled by a postmaster.pid whose number means another process by now', async () => {
    initialised();
    await (await start()).stop();
    const data = await realpath(path.join(directory, 'data'));
    await writeFile(
      path.join(data, 'postmaster.pid'),
      `${process.ppid}\n${data}\n1\n5432\n\n127.0.0.1\n\nready   \n`,
    );
    const server = await start();
    expect(isAlive(process.ppid)).toBe(true);
    await server.stop();
  });

  it('refuses a second start on the same folder while the first runs', async () => {
    initialised();
    const first = await startElsewhere();
    await expect(start()).rejects.toThrow(/in use by another process/);
    expect(await query(first.said.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await first.finish()).toBe(0);
  });

  it('begins again after an initdb that was cut off', async () => {
    await mkdir(path.join(directory, 'data.new-half', 'data'), { recursive: true });
    await writeFile(path.join(directory, 'data.new-half', 'data', 'PG_VERSION'), '18\n');
    const server = await start();
    expect((await readdir(directory)).filter((name) => name.startsWith('data'))).toEqual(['data']);
    await server.stop();
  });

  it('survives a kill at any moment of its first start', async () => {
    for (const delayMs of [300, 600, 900]) {
      const starting = startElsewhere();
      await sleep(delayMs);
      for (const pid of starters(directory)) process.kill(pid, 'SIGKILL');
      await starting.then((program) => program.kill('SIGKILL')).catch(() => {});
    }
    const server = await start();
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  it('shows the end of the log when it does not start', async () => {
    initialised();
    const attempt = startPostgres({ directory, settings: { shared_buffers: 'much' } });
    await expect(attempt).rejects.toThrow(
      /ended at start[^]*server\.log[^]*invalid value for parameter "shared_buffers"/,
    );
    // And nothing is left behind that would be in the next one's way.
    await (await start()).stop();
  });

  it('is not ended by Ctrl-C at the terminal before its program ends it', async () => {
    initialised();
    const program = await startElsewhere();
    const pid = await serverPid();
    expect(groupOf(pid)).not.toBe(groupOf(program.said.pid));
    program.signal('SIGINT');
    await sleep(100);
    expect(await query(program.said.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await program.finish()).toBe(0);
    expect(isAlive(pid)).toBe(false);
  });

  it.runIf(isRoot)('runs beside a folder that only root can enter, and keeps its data there', async () => {
    await chmod(parent, 0o700);
    const first = await start();
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    expect(await findPlaced(directory)).toMatch(/fibonacci-bars/);
    expect(await readdir(directory)).not.toContain('data');
    const second = await start();
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await second.stop();
  });

  it.runIf(isRoot)('copies the binaries to where the unprivileged user can execute them', async () => {
    const user = await findServerUser(directory);
    const original = await findBinaries();
    await chmod(parent, 0o700);
    const closed = { root: path.join(parent, 'native'), label: `${original.label}-test-${process.pid}` };
    execFileSync('cp', ['-a', original.root, closed.root]);
    expect(await canUse(user, programOf(closed, 'postgres'), '-x')).toBe(false);
    const copies = await Promise.all([placeBinaries(closed, user), placeBinaries(closed, user)]);
    expect(copies[0]).toEqual(copies[1]);
    const version = execFileSync(programOf(copies[0], 'postgres'), ['--version'], { ...user, cwd: '/' });
    expect(version.toString()).toMatch(/PostgreSQL\) 18/);
    await rm(copies[0].root, { recursive: true });
  });

  it('runs as an ordinary user', async (context) => {
    const user = isRoot ? await findServerUser(directory) : {};
    if (!(await canUse(user, process.execPath, '-x')) || !(await canUse(user, import.meta.filename, '-r'))) {
      context.skip('an ordinary user cannot enter this clone');
    }
    await mkdir(directory);
    if (user.uid !== undefined && user.gid !== undefined) await chown(directory, user.uid, user.gid);
    const program = await startElsewhere(user);
    expect(await query(program.said.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await program.finish()).toBe(0);
  });
});

/** The programs that this file started on that folder. */
function starters(directory: string): number[] {
  return execFileSync('ps', ['-axww', '-o', 'pid=,command='])
    .toString()
    .split('\n')
    .filter((line) => line.includes('run-postgres.ts') && line.includes(directory))
    .map((line) => Number.parseInt(line, 10));
}

function groupOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)]).toString());
}
