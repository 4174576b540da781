import { setTimeout as sleep } from 'node:timers/promises';
import { readPublished } from '../../../services/local/runtime-file.ts';
import { createAwsClients } from '../../../services/shared/aws-clients.ts';
import { readAwsConfig } from '../../../services/shared/aws-config.ts';
import type { Database } from '../../../services/shared/database.ts';
import { readPending } from '../../../sql/queries/read-pending.ts';
import { waitFor } from '../../integration/pipeline/moments.ts';
import type { Running, Workspace } from '../../integration/pipeline/workspace.ts';
import type { Random } from '../../support/random.ts';
import { listen } from './ear.ts';
import type { Told } from './judge.ts';
import type { Command } from './market-folder.ts';
import { watchTables } from './watch-tables.ts';

export type Done = {
  /** Faults that met a process. */
  readonly faults: number;
  /** What was done, for whoever looks for the reason of a failure. */
  readonly log: readonly string[];
  /** What programs said that no fault is a reason for. */
  readonly alarming: readonly string[];
};

const signals = ['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGSTOP'] as const;
const drainMs = 180_000;

/** Runs `up` on a data folder, gives commands beside it or without it, and does harm to the processes meanwhile. */
export class Operator {
  private readonly workspace: Workspace;
  private up: Running | undefined;
  private isDoomed = false;
  private readonly heard: Told[] = [];

  private constructor(workspace: Workspace) {
    this.workspace = workspace;
  }

  static async begin(workspace: Workspace): Promise<Operator> {
    const operator = new Operator(workspace);
    await operator.bringUp();
    await operator.listen();
    await workspace.look(watchTables);
    return operator;
  }

  look<T>(work: (db: Database) => Promise<T>): Promise<T> {
    return this.workspace.look(work);
  }

  /** One command after the other, while the faults strike; it ends when all of them have. */
  async work(next: Random, commands: readonly Command[]): Promise<Done> {
    const log: string[] = [];
    const alarming: string[] = [];
    // As often as not the pipeline runs in the commands themselves.
    if (next(3) === 0) await this.endUp();
    else if (next(2) === 0) await this.bringUp();
    const ended = new AbortController();
    const harming = this.harm(next, log, ended.signal);
    for (const command of commands) {
      const running = this.workspace.start(command);
      const { code, stderr } = await running.exit;
      log.push(`${command.join(' ')} → ${code}`);
      if (code !== null && ![0, 1, 130, 143].includes(code))
        alarming.push(`${command[0]} ended with ${code}: ${stderr}`);
      alarming.push(...alarmsIn(stderr));
    }
    ended.abort();
    const faults = await harming;
    if (this.up?.hasEnded()) alarming.push(...alarmsIn(this.up.stderr()));
    return { faults, log, alarming };
  }

  private async harm(next: Random, log: string[], ended: AbortSignal): Promise<number> {
    let faults = 0;
    for (let planned = 1 + next(4); planned > 0 && !ended.aborted; planned--) {
      await sleep(next(900), undefined, { signal: ended }).catch(() => {});
      const victim = choose(next, await this.workspace.processes());
      const signal = signals[next(signals.length)] ?? 'SIGKILL';
      const holdMs = next(3_000);
      if (victim === undefined) continue;
      const pid = Number.parseInt(victim, 10);
      if (!send(pid, signal)) continue;
      faults++;
      log.push(`${signal} ${victim}`);
      const isServer = victim.includes('postgres -D ');
      // It ends, or has no database any more, though that may take a moment.
      if (pid === this.up?.pid || isServer) this.isDoomed = true;
      const after = afterwards(signal, isServer);
      if (after === undefined) continue;
      await sleep(holdMs);
      send(pid, after);
    }
    return faults;
  }

  /**
   * Gives the command once more beside an `up` that nothing disturbs, waits until nothing is pending, and lends the database with all
   * that the bus ever had.
   */
  async settle<T>(command: Command, work: (db: Database, heard: readonly Told[]) => Promise<T>): Promise<T> {
    if (this.isDoomed) await this.endUp();
    this.isDoomed = false;
    await this.bringUp();
    const { code, stdout, stderr } = await this.workspace.run(command);
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${stdout}${stderr}`);
    const deadline = Date.now() + drainMs;
    return await this.workspace.look(async (db) => {
      for (;;) {
        const pending = await db.withClient(readPending);
        if (!pending.events && !pending.invalidations && !pending.jobs) break;
        if (Date.now() > deadline) throw new Error(`Still pending: ${await describePending(db)}`);
        if (await isAllGivenUp(db)) await this.takeUp();
        await sleep(50);
      }
      await this.listen();
      return await work(db, this.heard);
    });
  }

  /** What `status` says to do about work whose job has failed too often. */
  private async takeUp(): Promise<void> {
    const { code, stdout, stderr } = await this.workspace.run(['resample', '--pending', '--json']);
    if (code !== 0) throw new Error(`resample --pending ended with ${code}: ${stdout}${stderr}`);
  }

  /** Starts `up` unless it runs. */
  private async bringUp(): Promise<void> {
    while (!this.up || this.up.hasEnded()) {
      this.up = this.workspace.start(['up']);
      const isUp = await waitFor(this.workspace, this.up, { when: 'select true as reached' });
      if (!isUp) throw new Error(`up has ended: ${this.up.stderr()}`);
    }
  }

  private async endUp(): Promise<void> {
    this.up?.signal('SIGTERM');
    await this.up?.exit;
  }

  /** Hears what has come since the last time. */
  private async listen(): Promise<void> {
    const runtime = await readPublished(this.workspace.folder);
    const clients = createAwsClients(readAwsConfig({ AWS_ENDPOINT_URL: runtime?.awsEndpointUrl }));
    const heard = await listen(clients);
    this.heard.push(...(await heard()));
    clients.destroy();
  }

  async close(): Promise<void> {
    this.up?.signal('SIGINT');
    await this.up?.exit;
  }
}

/** A program or a job, the server, one of its sessions or another of its processes: the kind first, as there are many of some. */
function choose(next: Random, processes: readonly string[]): string | undefined {
  const kinds = Map.groupBy(processes, (line) => {
    if (/postgres: .* 127\.0\.0\.1/.test(line)) return 'session';
    if (line.includes('postgres: ')) return 'worker';
    return line.split(' ').slice(2, 4).join(' ');
  });
  const some = [...kinds.values()][next(Math.max(1, kinds.size))] ?? [];
  return some[next(Math.max(1, some.length))];
}

/** What whoever sent the signal sends next. On SIGTERM PostgreSQL lets nobody in any more, and waits for those who are in to leave. */
function afterwards(signal: NodeJS.Signals, isServer: boolean): NodeJS.Signals | undefined {
  if (signal === 'SIGSTOP') return 'SIGCONT';
  return signal === 'SIGTERM' && isServer ? 'SIGINT' : undefined;
}

/** @returns whether there was such a process. */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/**
 * Whether all that is pending was in a job that Batch tried as often as it does, and of which ResampleFailed tells: that waits for the
 * next event, or for a person. What was lost in any other way must be taken up without either.
 */
async function isAllGivenUp(db: Database): Promise<boolean> {
  const [row] = await db.query<{ all: boolean }>(
    `select bool_and(exists (
              select from ops.job join ops.outbox on detail -> 'data' ->> 'jobId' = job.id::text
               where detail_type = 'ResampleFailed' and failure ~ 'Essential container|exceeded timeout'
                 and pending.symbol = any(symbols) and pending.id <= through_id))
            and not exists (select from ops.job where finished_at is null) as all
       from ops.invalidation pending`,
  );
  return row?.all === true;
}

async function describePending(db: Database): Promise<string> {
  return JSON.stringify({
    invalidations: await db.query(
      'select id, symbol, reason, change_id from ops.invalidation order by id limit 5',
    ),
    events: await db.query(
      'select id, detail_type, last_error from ops.outbox where published_at is null limit 5',
    ),
    jobs: await db.query(
      `select id, through_id, claimed_at, submitted_at, started_at, finished_at, outcome, failure, cardinality(symbols) as symbols
         from ops.job order by claimed_at desc limit 5`,
    ),
  });
}

/** Faults explain lost connections and ended programs, and no error of the programs' own. */
function alarmsIn(stderr: string): string[] {
  return stderr
    .split('\n')
    .filter((line) =>
      /TypeError|ReferenceError|RangeError|unhandled|uncaught|AssertionError|duplicate key|violates/i.test(
        line,
      ),
    );
}
